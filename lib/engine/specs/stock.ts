import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';

/** Backends as their packages have them, with the gradients of tfjs-core as they are. */
const stockBackends: Record<string, () => Promise<string>> = {
  'cpu-stock': async () => {
    await import('@tensorflow/tfjs-backend-cpu');
    return 'cpu';
  },
  'wasm-stock': async () => {
    const wasm = await import('@tensorflow/tfjs-backend-wasm');
    const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
    wasm.setWasmPaths(dirname(entry) + sep);
    return 'wasm';
  },
};

/** Starts `cpu-stock` or `wasm-stock`, in a process that has started no engine; undefined for any other name. */
export async function startStock(engine: string): Promise<string | undefined> {
  const stock = stockBackends[engine];
  if (!stock) return undefined;
  const backendName = await stock();
  await tf.setBackend(backendName);
  return backendName;
}
