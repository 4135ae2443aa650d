import type { Rng } from '../../math/index.js';
import { PAST, type TemporalModel } from './context.js';
import { type EntropyModel, temporalEntropy } from './entropy-model.js';
import { type Features, rounded } from './features.js';
import { quantiseSequence } from './quantise.js';
import { trainTemporalModel } from './train-context.js';

export interface CoderTraining {
  readonly rng: Rng;
  /** Of the quantiser; see `quantise`. */
  readonly bitWeight: number;
  /** Updates of each channel's weights in each of two rounds, 1 to 1e6; 400 unless told otherwise. */
  readonly steps?: number;
}

/**
 * Learns the temporal coder for a quantiser: first on rounded features, then on what the quantiser makes of them with the first
 * model.
 * @param sequences features of one camera each, in the order of time, 5 or more
 * @throws InputError when a sequence is too short, or an option out of range.
 */
export function learnCoder(
  sequences: readonly (readonly Features[])[],
  { rng, bitWeight, steps = 400 }: CoderTraining,
): { model: TemporalModel; entropy: EntropyModel } {
  const plain = sequences.map((sequence) => sequence.map(rounded));
  let model = trainTemporalModel(plain, { rng: rng.fork('rounded'), steps });
  if (bitWeight > 0) {
    const first = temporalEntropy(model);
    // The first maps of a sequence have no past.
    const coded = sequences.map((sequence) => quantiseSequence(sequence, first, bitWeight).slice(PAST));
    model = trainTemporalModel(coded, { rng: rng.fork('quantised'), steps });
  }
  return { model, entropy: temporalEntropy(model) };
}
