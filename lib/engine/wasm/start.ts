import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { activate } from '../activate.js';
import type { EngineInfo } from '../names.js';
import { installWasmKernels } from './install.js';
import { failOnExhaustion, type WasmBackend } from './memory.js';

let first: Promise<void> | undefined;

/** The WebAssembly engine, mended (see `installWasmKernels`): runs everywhere, on one thread. */
export async function startWasm(): Promise<EngineInfo> {
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  first ??= startFirst(wasm.setWasmPaths);
  await first;
  await activate('wasm');
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  return {
    name: 'wasm',
    backend: 'wasm',
    version: wasm.version_wasm,
    threads: wasm.getThreadsCount(),
    note: simd ? 'WebAssembly with SIMD' : 'WebAssembly without SIMD: slow',
  };
}

async function startFirst(setWasmPaths: (folder: string) => void): Promise<void> {
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(dirname(entry) + sep);
  installWasmKernels();
  await withoutNewCrashHandlers(() => activate('wasm'));
  failOnExhaustion(tf.backend() as unknown as WasmBackend);
}

/**
 * The WebAssembly module catches every uncaught error of the process in order to throw it again, which
 * makes Node print the module's whole source instead of a stack. The handlers it adds are taken off.
 */
async function withoutNewCrashHandlers(start: () => Promise<void>): Promise<void> {
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = events.map((event) => new Set(process.rawListeners(event)));
  await start();
  for (const [i, event] of events.entries()) {
    for (const listener of process.rawListeners(event)) {
      if (!before[i]!.has(listener)) process.removeListener(event, listener as () => void);
    }
  }
}
