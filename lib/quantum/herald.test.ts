import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rng } from '../math/index.js';
import {
  armEfficiency,
  attemptSec,
  barrettKok,
  type HeraldArms,
  senderReceiver,
  singleClick,
  twoPhoton,
} from './herald.js';
import { fraction } from './testing.js';

/** Counts of a simulated scheme: heralds, and what the memories of the heralded attempts were. */
interface Counts {
  heralds: number;
  coherent: number;
  opposite: number;
}

/** Whether exactly one of two detectors behind a beam splitter clicks, photon by photon. */
function oneDetectorClicks(rng: Rng, photons: readonly boolean[], arms: Required<HeraldArms>): boolean {
  const clicks = [rng.uniform() < arms.darkProbability, rng.uniform() < arms.darkProbability];
  const bunched = rng.uniform() < (1 + arms.overlap) / 2;
  const first = rng.integer(2);
  const places = [first, bunched ? first : 1 - first];
  for (const [k, detected] of photons.entries()) if (detected) clicks[photons[0] ? places[k]! : first] = true;
  return clicks[0] !== clicks[1];
}

function simulateTwoClicks(rng: Rng, arms: Required<HeraldArms>, trials: number): Counts {
  const counts = { heralds: 0, coherent: 0, opposite: 0 };
  for (let trial = 0; trial < trials; trial++) {
    const [modeA, modeB] = [rng.integer(2), rng.integer(2)];
    const detected = [rng.uniform() < arms.efficiencyA, rng.uniform() < arms.efficiencyB];
    const inMode = (mode: number) => [detected[0]! && modeA === mode, detected[1]! && modeB === mode];
    const heralded = oneDetectorClicks(rng, inMode(0), arms) && oneDetectorClicks(rng, inMode(1), arms);
    if (!heralded) continue;
    counts.heralds++;
    if (modeA !== modeB) counts.opposite++;
    if (modeA !== modeB && detected[0] && detected[1]) counts.coherent++;
  }
  return counts;
}

function expectNear(found: number, share: number, trials: number): void {
  expect(Math.abs(found / trials - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / trials));
}

const half = { efficiencyA: 0.6, efficiencyB: 0.4, overlap: 0.8, darkProbability: 0.05 };

describe('two clicks', () => {
  it('are as frequent as a simulation of photons and dark counts finds, and leave its states', () => {
    const trials = 200_000;
    const { heralds, coherent, opposite } = simulateTwoClicks(Rng.of('two clicks'), half, trials);
    const { successProbability, state } = barrettKok(half);
    expectNear(heralds, successProbability, trials);
    expectNear(opposite, state.psiPlus + state.psiMinus, heralds);
    expectNear(coherent, (state.psiPlus - state.psiMinus) / half.overlap, heralds);
    expect(twoPhoton(half)).toEqual(barrettKok(half));
  });

  it('have P = ηA ηB / 2 and F = (1 + overlap) / 2 without dark counts', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-6, max: 1, noNaN: true }),
        fc.double({ min: 1e-6, max: 1, noNaN: true }),
        fraction(),
        (a, b, overlap) => {
          const { successProbability, state } = barrettKok({ efficiencyA: a, efficiencyB: b, overlap });
          expect(successProbability / ((a * b) / 2)).toBeCloseTo(1, 12);
          expect(state.psiPlus).toBeCloseTo((1 + overlap) / 2, 12);
          expect(state.psiMinus).toBeCloseTo((1 - overlap) / 2, 12);
        },
      ),
    );
  });

  it('mix in a quarter of fidelity for each false herald, to first order', () => {
    const [eta, dark] = [1e-3, 1e-6];
    const { successProbability, state } = barrettKok({
      efficiencyA: eta,
      efficiencyB: eta,
      darkProbability: dark,
    });
    const genuine = (eta * eta) / 2;
    const wrong = successProbability - genuine;
    expect(wrong).toBeGreaterThan(0);
    expect(state.psiPlus).toBeCloseTo((genuine + wrong / 4) / successProbability, 5);
  });
});

describe('a single click', () => {
  it('has the closed forms of equal arms', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (a, eta) => {
          const { successProbability, state } = singleClick({
            efficiencyA: eta,
            efficiencyB: eta,
            brightPopulation: a,
          });
          expect(successProbability).toBeCloseTo(2 * a * eta - a * a * eta * eta, 12);
          expect(state.psiPlus).toBeCloseTo((2 * (1 - a)) / (2 - a * eta), 12);
        },
      ),
    );
  });

  it('is as frequent as a simulation finds, with unequal arms and dark counts', () => {
    const [rng, trials, bright] = [Rng.of('single click'), 200_000, 0.3];
    let [heralds, opposite] = [0, 0];
    for (let trial = 0; trial < trials; trial++) {
      const emitted = [rng.uniform() < bright, rng.uniform() < bright];
      const detected = [
        emitted[0]! && rng.uniform() < half.efficiencyA,
        emitted[1]! && rng.uniform() < half.efficiencyB,
      ];
      if (!oneDetectorClicks(rng, detected, half)) continue;
      heralds++;
      if (emitted[0] !== emitted[1]) opposite++;
    }
    const { successProbability, state } = singleClick({ ...half, brightPopulation: bright });
    expectNear(heralds, successProbability, trials);
    expectNear(opposite, state.psiPlus + state.psiMinus, heralds);
  });

  it('loses coherence with √overlap, with the phase and with unequal arms', () => {
    const arms = { efficiencyA: 0.01, efficiencyB: 0.01, brightPopulation: 0.1 };
    const coherence = (change: object) => {
      const { state } = singleClick({ ...arms, ...change });
      return (state.psiPlus - state.psiMinus) / (state.psiPlus + state.psiMinus);
    };
    expect(coherence({})).toBeCloseTo(1, 12);
    expect(coherence({ overlap: 0.49 })).toBeCloseTo(0.7, 12);
    expect(coherence({ phaseRad: Math.PI / 3 })).toBeCloseTo(0.5, 12);
    expect(coherence({ efficiencyA: 0.09 })).toBeCloseTo(0.6, 12);
  });
});

describe('sender and receiver', () => {
  it('succeed with the efficiency, and a dark count leaves nothing', () => {
    expect(senderReceiver({ efficiency: 0.2 })).toEqual({
      successProbability: 0.2,
      state: { phiPlus: 1, phiMinus: 0, psiPlus: 0, psiMinus: 0 },
    });
    const { successProbability, state } = senderReceiver({ efficiency: 0, darkProbability: 0.1 });
    expect(successProbability).toBe(0.1);
    expect(state.phiPlus).toBe(0.25);
  });
});

describe('timing', () => {
  const timing = { endToEndSec: 1e-4, localSec: 1e-5 };

  it('counts light delays and rounds, never below the reset', () => {
    expect(attemptSec('barrett-kok', timing)).toBeCloseTo(2.2e-4, 12);
    expect(attemptSec('two-photon', timing)).toBeCloseTo(1.1e-4, 12);
    expect(attemptSec('single-click', timing)).toBeCloseTo(1.1e-4, 12);
    expect(attemptSec('sender-receiver', timing)).toBeCloseTo(2.1e-4, 12);
    expect(attemptSec('two-photon', { ...timing, resetSec: 5e-4 })).toBe(5e-4);
    expect(() => attemptSec('two-photon', { endToEndSec: -1 })).toThrow(
      'endToEndSec is -1; allowed: a time from 0',
    );
  });
});

describe('an arm', () => {
  it('multiplies emission, fibre and detector', () => {
    const arm = { lengthKm: 50, attenuationDbPerKm: 0.2, emissionEfficiency: 0.75, detectorEfficiency: 0.8 };
    expect(armEfficiency(arm)).toBeCloseTo(0.06, 12);
    expect(() => armEfficiency({ ...arm, lengthKm: -1 })).toThrow('lengthKm is -1; allowed: a number from 0');
    expect(() => barrettKok({ efficiencyA: 0, efficiencyB: 1 })).toThrow('the herald never fires');
    expect(() => barrettKok({ ...half, overlap: 1.2 })).toThrow('overlap is 1.2');
  });
});
