import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../../../lib/base/index.js';
import { type EngineInfo, useEngine } from '../../../lib/engine/index.js';

/**
 * Starts TensorFlow on the processor through the tfjs-node that `tfjs-node.sh` built: a peer to compare with,
 * no engine of ours, but with our gradients.
 * @param folder the folder given to `tfjs-node.sh`.
 * @param threads for the operations, and for how many of them at a time.
 * @throws InputError where tfjs-node does not load from there.
 */
export async function startTfjsNode(
  folder: string | undefined,
  threads: number,
): Promise<Pick<EngineInfo, 'threads' | 'version'>> {
  if (!folder) throw new InputError('tfjs-node: set TFJS_NODE to the folder that tfjs-node.sh built in');
  // TensorFlow reads them when it is loaded.
  process.env.TF_NUM_INTRAOP_THREADS = String(threads);
  process.env.TF_NUM_INTEROP_THREADS = String(threads);
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '1';
  const version = loadedVersion(folder);
  // For the gradients. TensorFlow comes first, since it registers tfjs-core's own.
  await useEngine('wasm');
  await tf.setBackend('tensorflow');
  return { threads, version };
}

function loadedVersion(folder: string): string {
  const load = createRequire(join(resolve(folder), 'package.json'));
  try {
    const loaded = load('@tensorflow/tfjs-node') as { version: Record<string, string> };
    return loaded.version['tfjs-node'] ?? 'unknown';
  } catch (error) {
    throw new InputError(
      `tfjs-node does not load from ${folder}: ${(error as Error).message.split('\n')[0]}`,
    );
  }
}
