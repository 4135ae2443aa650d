import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '../base/index.js';
import { Rng } from '../math/index.js';
import {
  assignTree,
  decodeSafetensors,
  disposeTree,
  type ParameterTree,
  readSafetensors,
  type SafetensorsFile,
} from '../nn/index.js';
import { type AdaptiveParameters, blankAdaptive } from './adaptive-model.js';
import { type DeepJsccParameters, initDeepJscc } from './deepjscc-model.js';

const folder = 'datasets/weights';
/** Larger than any weights that ship; a file beyond it is not one of them. */
const maxBytes = 64 * 2 ** 20;

/** `ratio-1-6` for 1/6: the part of a file name that says the bandwidth ratio. */
export function ratioLabel(ratio: number): string {
  return `1-${Math.round(1 / ratio)}`;
}

/** Where the weights that ship stand in this installation. */
export function shippedWeights(name: string): string {
  let at = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(at, folder)) && dirname(at) !== at) at = dirname(at);
  return join(at, folder, `${name}.safetensors`);
}

/** Weights as a path, or as the bytes of a safetensors file; without either, those that ship. */
export type WeightsSource = string | Uint8Array | undefined;

function read(source: WeightsSource, name: string): SafetensorsFile & { what: string } {
  if (source instanceof Uint8Array) return { ...decodeSafetensors(source, name), what: name };
  const path = source ?? shippedWeights(name);
  return { ...readSafetensors(path, { what: 'weights', maxBytes }), what: `weights ${path}` };
}

/**
 * Parameters of the default codec.
 * @throws InputError when the file is not sound or not of this model.
 */
export function loadAdaptive(source?: WeightsSource): AdaptiveParameters {
  const { tensors, what } = read(source, 'adaptive');
  return filled(blankAdaptive(), tensors, what);
}

/**
 * Parameters of DeepJSCC for a bandwidth ratio.
 * @throws InputError when the file is not sound, or of another ratio.
 */
export function loadDeepJscc(ratio: number, source?: WeightsSource): DeepJsccParameters {
  if (!(ratio > 0)) throw new InputError(`bandwidth ratio is ${ratio}; allowed: above 0`);
  const { tensors, what } = read(source, `deepjscc-${ratioLabel(ratio)}`);
  return filled(initDeepJscc(Rng.of(0), ratio), tensors, what);
}

/** The tree with the file's values; a file that does not fit leaves no tensor behind. */
function filled<T extends ParameterTree>(tree: T, tensors: SafetensorsFile['tensors'], what: string): T {
  try {
    assignTree(tree, tensors, what);
    return tree;
  } catch (error) {
    disposeTree(tree);
    throw error;
  }
}
