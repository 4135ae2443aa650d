import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assignTree, disposeTree, type ParameterTree } from './parameters.js';
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
 * @throws InputError when the file is not sound or does not fit the tree.
 */
export function withWeights<T extends ParameterTree>(tree: T, source: WeightsSource, name: string): T {
  try {
    if (source instanceof Uint8Array) {
      assignTree(tree, decodeSafetensors(source, name).tensors, name);
    } else {
      const path = source ?? shippedWeights(name);
      const { tensors } = readSafetensors(path, { what: 'weights', maxBytes });
      assignTree(tree, tensors, `weights ${path}`);
    }
    return tree;
  } catch (error) {
    disposeTree(tree);
    throw error;
  }
}
