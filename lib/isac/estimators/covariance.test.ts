import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { observe } from '../model/index.js';
import { averagedCovariance, dimensionCovariance, forwardBackward } from './covariance.js';

it('forward-backward averages by way of a real matrix are those of the complex one', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 0, max: 1e6 }),
      (shape, snapshots, seed) => {
        const rng = Rng.of(`covariance ${seed}`);
        const observation = observe([], { shape, snapshots, noiseVariance: 1 }, rng);
        for (const dimension of shape.keys()) {
          const { covariance, samples } = averagedCovariance(observation, dimension);
          const known = dimensionCovariance(observation, dimension);
          expect(samples).toBe(known.samples);
          const expected = forwardBackward(known.covariance).data;
          const gaps = covariance.data.map((value, at) => Math.abs(value - expected[at]!));
          expect(Math.max(...gaps)).toBeLessThan(1e-12);
        }
      },
    ),
    { numRuns: 60, seed: 8 },
  );
});
