import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { InputError, requireChoice } from '../base/index.js';
import { registerGradients } from './gradients.js';
import { installWasmKernels } from './wasm/install.js';

export const engineNames = ['auto', 'wasm', 'cpu', 'webgpu', 'cuda'] as const;
export type EngineName = (typeof engineNames)[number];

/** The engine that computes from now on. */
export interface EngineInfo {
  /** The engine in use: `wasm`, `cpu`, `webgpu` or `cuda` (never `auto`). */
  name: Exclude<EngineName, 'auto'>;
  /** The name of the tfjs backend behind it. */
  backend: string;
  /** The version of the package that computes. */
  version: string;
  threads: number;
  /** One line for people: what it is and, under `auto`, why it was chosen. */
  note: string;
}

/**
 * Chooses what computes all tensors from now on and makes gradients work. Call it once before the first
 * tensor; calling it again is cheap.
 *
 * @param name `auto` takes cuda if it loads, else webgpu if it finds an adapter, else wasm.
 * @throws InputError when the name is unknown or the engine cannot run here, with the reason.
 */
export async function useEngine(name: EngineName = 'auto'): Promise<EngineInfo> {
  requireChoice('engine', name, engineNames);
  registerGradients();
  if (name !== 'auto') return starters[name]();
  const reasons: string[] = [];
  for (const candidate of ['cuda', 'webgpu'] as const) {
    try {
      const info = await starters[candidate]();
      return { ...info, note: `${info.note}; chosen automatically` };
    } catch (error) {
      reasons.push(`${candidate}: ${(error as Error).message}`);
    }
  }
  const info = await starters.wasm();
  return { ...info, note: `${info.note}; chosen automatically (${reasons.join('; ')})` };
}

const starters: Record<EngineInfo['name'], () => Promise<EngineInfo>> = {
  wasm: startWasm,
  cpu: startCpu,
  webgpu: () => Promise.reject(new InputError('engine webgpu: not installed')),
  cuda: () => Promise.reject(new InputError('engine cuda: not installed')),
};

async function startWasm(): Promise<EngineInfo> {
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  installWasmKernels();
  if (!tf.findBackend('wasm')) {
    const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
    wasm.setWasmPaths(dirname(entry) + sep);
  }
  await withoutNewCrashHandlers(() => activate('wasm'));
  return {
    name: 'wasm',
    backend: 'wasm',
    version: wasm.version_wasm,
    threads: wasm.getThreadsCount(),
    note: 'WebAssembly with SIMD, on one thread',
  };
}

async function startCpu(): Promise<EngineInfo> {
  const cpu = await import('@tensorflow/tfjs-backend-cpu');
  await activate('cpu');
  return {
    name: 'cpu',
    backend: 'cpu',
    version: cpu.version_cpu,
    threads: 1,
    note: 'plain JavaScript: the reference for tests, far too slow to train with',
  };
}

async function activate(backend: string): Promise<void> {
  if (!(await tf.setBackend(backend))) throw new InputError(`engine ${backend}: the backend did not start`);
  await tf.ready();
  // The plain JavaScript backend greets its first user with a banner that recommends other packages.
  const active = tf.backend() as tf.KernelBackend & { firstUse?: boolean };
  if (active.firstUse) active.firstUse = false;
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
