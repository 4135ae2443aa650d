import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../base/index.js';

/**
 * Makes a registered tfjs backend the one in use.
 * @throws InputError when it does not start.
 */
export async function activate(backend: string): Promise<void> {
  if (!(await tf.setBackend(backend))) throw new InputError(`engine ${backend}: the backend did not start`);
  await tf.ready();
  // The plain JavaScript backend greets its first user with a banner that recommends other packages.
  const active = tf.backend() as tf.KernelBackend & { firstUse?: boolean };
  if (active.firstUse) active.firstUse = false;
}
