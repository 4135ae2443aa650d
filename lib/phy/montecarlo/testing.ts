import type { Trials } from './types.js';

/** A simulation for tests: each trial is a block of bits that fail independently. */
export function blockTrials({ bits, errorRate }: { bits: number; errorRate: number }): Trials {
  return (rng, trials) => {
    let [bitErrors, bitErrorsSquared, blockErrors] = [0, 0, 0];
    for (let trial = 0; trial < trials; trial++) {
      let errors = 0;
      for (let bit = 0; bit < bits; bit++) errors += Number(rng.uniform() < errorRate);
      bitErrors += errors;
      bitErrorsSquared += errors * errors;
      blockErrors += Number(errors > 0);
    }
    return { bitErrors, bitErrorsSquared, blockErrors };
  };
}

/** A simulation for tests: fails. */
export function brokenTrials({ isInput }: { isInput: boolean }): Trials {
  return () => {
    const error = new Error('no such code');
    if (isInput) error.name = 'InputError';
    throw error;
  };
}
