import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '../base/index.js';
import { brief } from './brief.js';
import { assignTree, disposeTree, type ParameterTree, type Snapshot } from './parameters.js';
import { decodeSafetensors, readSafetensors } from './safetensors.js';

const folder = 'datasets/weights';
/** Larger than any weights that ship; a file beyond it is not one of them. */
const maxBytes = 64 * 2 ** 20;

/** Where the weights that ship stand in this installation. */
export function shippedWeights(name: string): string {
  let at = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(at, folder)) && dirname(at) !== at) at = dirname(at);
  return join(at, folder, `${name}.safetensors`);
}

/** Weights as a path, or as the bytes of a safetensors file; without either, those that ship. */
export type WeightsSource = string | Uint8Array | undefined;

/**
 * The tree with the values of the source, or of the weights that ship under `name`. Where they do not fit, the tree is
 * disposed, so no tensor is left behind.
 * @throws InputError when the file is not sound, does not fit the tree, or holds what is no finite number.
 */
export function withWeights<T extends ParameterTree>(tree: T, source: WeightsSource, name: string): T {
  try {
    if (source instanceof Uint8Array) {
      assignFinite(tree, decodeSafetensors(source, name).tensors, name);
    } else {
      const path = source ?? shippedWeights(name);
      const { tensors } = readSafetensors(path, { what: 'weights', maxBytes });
      assignFinite(tree, tensors, `weights ${path}`);
    }
    return tree;
  } catch (error) {
    disposeTree(tree);
    throw error;
  }
}

function assignFinite(tree: ParameterTree, tensors: Snapshot, what: string): void {
  for (const [name, { data }] of tensors) {
    const at = data.findIndex((value) => !Number.isFinite(value));
    if (at >= 0)
      throw new InputError(`${what}: value ${at} of ${brief(name)} is ${data[at]}; allowed: finite numbers`);
  }
  assignTree(tree, tensors, what);
}
