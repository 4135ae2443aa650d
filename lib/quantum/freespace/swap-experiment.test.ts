import { describe, expect, it } from 'vitest';
import { mean, Rng, standardError } from '../../math/index.js';
import { wernerState } from '../bell.js';
import { bestChsh, chshFrom, correlationsOf, wernerChsh, witnessFrom, witnessValue } from '../witness.js';
import {
  countBases,
  countChsh,
  countTeleported,
  type SwapExperimentInput,
  swapExperiment,
  swappedPair,
  teleportationFidelity,
} from './swap-experiment.js';

const perfect = {
  overlap: 1,
  localEfficiency: 1,
  source: { fidelity: 1, meanPairNumber: 1e-6 },
  remoteDarkCountRateHz: 0,
};

/** An experiment that gives about `counts` four-folds in a second. */
function bright(input: SwapExperimentInput, counts: number) {
  const experiment = swapExperiment({ ...input, channelLossDb: 0 });
  return { experiment, seconds: counts / swappedPair(experiment).ratePerSec };
}

describe('four-photon swapping', () => {
  it('gives psiMinus from perfect pairs', () => {
    const { state } = swappedPair(swapExperiment(perfect));
    expect(state.psiMinus).toBeCloseTo(1, 5);
  });

  it('swaps Werner pairs, and loses to the beam splitter what does not overlap', () => {
    const source = { fidelity: 0.9, meanPairNumber: 1e-6 };
    const { state } = swappedPair(swapExperiment({ ...perfect, source }));
    expect(state.psiMinus).toBeCloseTo(0.813333, 5);
    const apart = swappedPair(swapExperiment({ ...perfect, overlap: 0 }));
    expect(apart.state.psiMinus).toBeCloseTo(0.5, 5);
    expect(apart.state.psiPlus).toBeCloseTo(0.5, 5);
  });

  it('has estimators without bias at F = 0.9, |z| < 4: witness and CHSH', () => {
    // Dark clicks of the fitting share make a Werner state of fidelity 0.9 out of perfect pairs.
    const wanted = (4 * 0.9 - 1) / 3;
    const remote = 0.4;
    const darkShare = (1 - wanted) / wanted;
    const window = (darkShare * remote) / (2.5 * 2 * 1e5);
    const noisy = { ...perfect, remoteDarkCountRateHz: 1e5, coincidenceWindowSec: window };
    const { experiment, seconds } = bright(noisy, 200);
    const { state } = swappedPair(experiment);
    expect(state.psiMinus).toBeCloseTo(0.9, 5);
    const { settings } = bestChsh(state);
    const witness: number[] = [];
    const chsh: number[] = [];
    for (let run = 0; run < 400; run++) {
      const rng = Rng.of('bias').fork(run);
      witness.push(witnessFrom(countBases(experiment, seconds, rng), 'psiMinus').value);
      chsh.push(chshFrom(countChsh(experiment, { settings, secPerSetting: seconds }, rng)).value);
    }
    expect(Math.abs(mean(witness) - (0.5 - 0.9)) / standardError(witness)).toBeLessThan(4);
    expect(wernerChsh(0.9)).toBeCloseTo(2.451303508, 8);
    expect(Math.abs(mean(chsh) - 2.451303508) / standardError(chsh)).toBeLessThan(4);
  });

  it('has as many four-folds as their rates say, |z| < 4', () => {
    const { experiment, seconds } = bright({}, 5000);
    const { x, y, z } = countBases(experiment, seconds, Rng.of('rate'));
    for (const { same, different } of [x, y, z]) {
      expect(Math.abs(same + different - 5000) / Math.sqrt(5000)).toBeLessThan(4);
    }
    expect(witnessValue(correlationsOf(swappedPair(experiment).state), 'psiMinus')).toBeLessThan(0);
  });

  it('refuses bright sources and unknown fields', () => {
    expect(() => swapExperiment({ source: { meanPairNumber: 0.5 } })).toThrow('meanPairNumber is above 0.1');
    const unknown: object = { losses: 3 };
    expect(() => swapExperiment(unknown)).toThrow(/^swapping experiment: .*losses/);
  });
});

describe('teleportation', () => {
  it('keeps (2F + 1)/3 of the qubits, |z| < 4', () => {
    expect(teleportationFidelity(1)).toBe(1);
    expect(teleportationFidelity(0.5)).toBeCloseTo(2 / 3, 12);
    const p = teleportationFidelity(0.85);
    const right = countTeleported(wernerState(0.85, 'psiMinus'), 50_000, Rng.of('teleport'));
    expect(Math.abs(right - 50_000 * p) / Math.sqrt(50_000 * p * (1 - p))).toBeLessThan(4);
  });
});
