import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { BELL_LABELS } from '../bell.js';
import { createKernel } from '../des/kernel.js';
import { attemptSec, HERALD_SCHEMES } from '../herald.js';
import {
  alwaysSucceeds,
  type LinkInput,
  type LinkSchemeInput,
  link,
  linkModel,
  midpointLink,
} from './index.js';
import { skipAheadLink } from './skip-ahead.js';
import { runLink, zOf, zOfMean } from './testing.js';
import { memoryUnit } from './types.js';

/** Dark counts so frequent that every way to a false herald matters; without dead time, as the closed forms have it. */
const noisy = {
  overlap: 0.7,
  windowSec: 9e-8,
  detector: { efficiency: 0.6, darkCountRateHz: 2e5, jitterSec: 4e-8, deadTimeSec: 0 },
};
const schemes: LinkSchemeInput[] = [
  { kind: 'barrett-kok', station: noisy },
  { kind: 'two-photon', station: noisy },
  { kind: 'single-click', station: noisy, brightPopulation: 0.3, phaseRad: 0.4 },
  { kind: 'sender-receiver' },
];
const arms = (leftKm: number, rightKm: number): Pick<LinkInput, 'left' | 'right'> => ({
  left: { fibre: { lengthKm: leftKm }, memory: { efficiency: 0.9, rateHz: 1e6, t1Sec: 3e-3, t2Sec: 2e-3 } },
  right: { fibre: { lengthKm: rightKm }, memory: { efficiency: 0.8, rateHz: 1e6, rawFidelity: 0.97 } },
});

describe('linkModel', () => {
  it.each(schemes)(
    'has the success probability and the mean state of simulated attempts: $kind (|z| < 4)',
    (scheme) => {
      const config = link({ scheme, ...arms(4, 7) });
      const { link: ran, pairs } = runLink(config, Rng.of('state').fork(scheme.kind), {
        attempts: 30_000,
        seconds: 100,
      });
      const { model } = ran;
      expect(Math.abs(zOf(pairs.length, ran.attempts, model.successProbability))).toBeLessThan(4);
      for (const label of BELL_LABELS) {
        const values = pairs.map(({ state }) => state[label]);
        if (scheme.kind === 'sender-receiver') expect(values[0]).toBeCloseTo(model.state[label], 12);
        else expect(Math.abs(zOfMean(values, model.state[label]))).toBeLessThan(4);
      }
    },
  );

  it.each(HERALD_SCHEMES)('takes as long for an attempt as the closed form, up to a slot: %s', (kind) => {
    const times = fc.tuple(
      fc.double({ min: 0, max: 1e-3, noNaN: true }),
      fc.double({ min: 1, max: 500, noNaN: true }),
    );
    fc.assert(
      fc.property(times, ([localSec, lengthKm]) => {
        const config = midpointLink({
          scheme: { kind },
          lengthKm,
          localSec,
          memory: { rateHz: 1e9 },
          slotSec: 1e-9,
        });
        const { rounds, roundPs } = linkModel(config);
        const expected = attemptSec(kind, { endToEndSec: lengthKm / 2e5, localSec });
        expect(Math.abs((rounds * roundPs) / 1e12 - expected)).toBeLessThan(3e-9 * rounds);
      }),
    );
  });

  it('takes three delays a round when every round is negotiated, or a reset and one delay', () => {
    const timed = (rateHz: number) =>
      linkModel(midpointLink({ lengthKm: 20, memory: { rateHz }, negotiation: 'round', localSec: 1e-6 }))
        .roundPs;
    expect(timed(1e6)).toBe(301.1e6);
    expect(timed(2000)).toBe(600e6);
  });

  it('has single-click pairs lose coherence at unequal arms, Barrett-Kok pairs not', () => {
    const at = (scheme: LinkSchemeInput) =>
      linkModel(link({ scheme, left: { fibre: { lengthKm: 0 } }, right: { fibre: { lengthKm: 50 } } })).state
        .phiPlus;
    expect(at({ kind: 'barrett-kok' })).toBeCloseTo(1, 12);
    expect(at({ kind: 'single-click', brightPopulation: 1e-9 })).toBeCloseTo(0.5 + Math.sqrt(0.1) / 1.1, 6);
  });

  it('gives two memories of one raw fidelity a pair of just that', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.25, max: 1, noNaN: true }), (rawFidelity) => {
        const { state } = linkModel(midpointLink({ lengthKm: 1, memory: { rawFidelity } }));
        expect(state.phiPlus).toBeCloseTo(rawFidelity, 12);
      }),
    );
  });

  it('refuses a cutoff before the herald, windows longer than a slot and unknown fields, in one line each', () => {
    const fails = (input: object) => () => linkModel(midpointLink({ lengthKm: 100, ...input }));
    expect(fails({ memory: { cutoffSec: 1e-4 } })).toThrow(
      /^cutoffSec is 0.0001; allowed: more than the age/,
    );
    expect(fails({ slotSec: 1e-11 })).toThrow(/^clicks within 3?[0-9]+ ps count, but slots are 10 ps apart/);
    expect(fails({ memory: { t1Sec: 1, t2Sec: 2.1 } })).toThrow(
      /T2 of 2.1 s with T1 of 1 s; allowed: T2 <= 2 T1$/,
    );
    expect(fails({ lengthKm: -1 })).toThrow(/^fibre: lengthKm: .*; found -1$/);
    expect(fails({ scheme: { kind: 'sender-receiver', station: {} } })).toThrow(/^link: scheme: .*station/);
    expect(fails({ scheme: { kind: 'barrett-kok', station: { efficency: 1 } } })).toThrow(/efficency/);
    for (const bad of [{ memory: { t1Sec: 1, t2Sec: 2.1 } }, { lengthKm: -1 }, { slot: 1 }]) {
      expect(fails(bad)).toThrow(/^[^\n]+$/);
    }
  });
});

describe('alwaysSucceeds', () => {
  it('makes the first attempt the last', () => {
    const model = alwaysSucceeds(linkModel(midpointLink({ lengthKm: 20 })));
    const kernel = createKernel();
    const link = skipAheadLink(kernel, model, Rng.of(1));
    const times: number[] = [];
    link.generate({ left: memoryUnit('a'), right: memoryUnit('b'), onPair: ({ atPs }) => times.push(atPs) });
    kernel.run(1e12);
    expect(link.attempts).toBe(1);
    // Half the delay to the station; a reset of the memories between the rounds; the window and the way back.
    expect(times).toEqual([50e6 + 500e6 + 50 + 50e6]);
  });
});
