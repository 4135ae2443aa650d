import { InputError } from '../base/index.js';
import { Rng } from '../math/index.js';
import { type WeightsSource, withWeights } from '../nn/index.js';
import { type AdaptiveParameters, blankAdaptive } from './adaptive-model.js';
import { type DeepJsccParameters, initDeepJscc } from './deepjscc-model.js';

/** `ratio-1-6` for 1/6: the part of a file name that says the bandwidth ratio. */
export function ratioLabel(ratio: number): string {
  return `1-${Math.round(1 / ratio)}`;
}

/**
 * Parameters of the default codec.
 * @throws InputError when the file is not sound or not of this model.
 */
export function loadAdaptive(source?: WeightsSource): AdaptiveParameters {
  return withWeights(blankAdaptive(), source, 'adaptive');
}

/**
 * Parameters of DeepJSCC for a bandwidth ratio.
 * @throws InputError when the file is not sound, or of another ratio.
 */
export function loadDeepJscc(ratio: number, source?: WeightsSource): DeepJsccParameters {
  if (!(ratio > 0)) throw new InputError(`bandwidth ratio is ${ratio}; allowed: above 0`);
  return withWeights(initDeepJscc(Rng.of(0), ratio), source, `deepjscc-${ratioLabel(ratio)}`);
}
