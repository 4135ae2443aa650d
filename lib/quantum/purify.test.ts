import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rng } from '../math/index.js';
import { type BellState, FULLY_MIXED, pureBell, wernerState } from './bell.js';
import { bbpssw, dejmps, hashingYield, pumping, pumpingLimit, recurrence } from './purify.js';
import * as oracle from './testing.js';
import { anyBellState, expectState, fraction } from './testing.js';

const { cnot, one, zero } = oracle.OPERATORS;

const anyStation = fc.record({
  gateFidelity: fc.double({ min: 0.2, max: 1, noNaN: true }),
  readoutFidelity: fc.double({ min: 0.2, max: 1, noNaN: true }),
});

/**
 * Rotations about X by a quarter turn at one end and back at the other, (1 - iX)(1 + iX) / 2: real and imaginary part,
 * whose conjugations sum to the real part of the rotated state.
 */
const QUARTER_TURNS = [
  [1, 0, 0, 1, 0, 1, 1, 0, 0, 1, 1, 0, 1, 0, 0, 1].map((v) => v / 2),
  [0, 1, -1, 0, 1, 0, 0, -1, -1, 0, 0, 1, 0, -1, 1, 0].map((v) => v / 2),
];

const turned = (state: BellState): BellState =>
  oracle.bellPart(oracle.channel(oracle.densityOf(state), QUARTER_TURNS, 0, 1));

/** The purification by its circuit: pairs (0, 1) and (2, 3), a CNOT at either end, qubits 2 and 3 measured. */
function circuit(kept: BellState, measured: BellState, gate: number, readout: number) {
  const start = oracle.tensor(oracle.densityOf(kept), oracle.densityOf(measured));
  const noisyCnot = (rho: oracle.Density, control: number, target: number) =>
    oracle.sumOf([
      oracle.scaled(oracle.conjugated(rho, cnot, control, target), gate),
      oracle.scaled(oracle.mixedQubits(rho, control, target), 1 - gate),
    ]);
  const after = noisyCnot(noisyCnot(start, 0, 2), 1, 3);
  const outcome = (a: number, b: number) =>
    oracle.conjugated(oracle.conjugated(after, a ? one : zero, 2), b ? one : zero, 3);
  const misread = 2 * readout * (1 - readout);
  const accepted = oracle.sumOf([
    ...[0, 1].map((bit) => oracle.scaled(outcome(bit, bit), 1 - misread)),
    ...[0, 1].map((bit) => oracle.scaled(outcome(bit, 1 - bit), misread)),
  ]);
  return oracle.bellPart(oracle.without(oracle.without(accepted, 3), 2));
}

describe('DEJMPS', () => {
  it('is what its circuit does, with gates that fail and bits that are misread', () => {
    fc.assert(
      fc.property(anyBellState, anyBellState, anyStation, (kept, measured, station) => {
        const { successProbability, state } = dejmps(kept, measured, station);
        const found = circuit(turned(kept), turned(measured), station.gateFidelity, station.readoutFidelity);
        const sum = found.phiPlus + found.phiMinus + found.psiPlus + found.psiMinus;
        expect(successProbability).toBeCloseTo(sum, 10);
        const scaled = (value: number) => value * successProbability;
        expect(scaled(state.phiPlus)).toBeCloseTo(found.phiPlus, 10);
        expect(scaled(state.psiMinus)).toBeCloseTo(found.psiMinus, 10);
        expect(scaled(state.phiMinus)).toBeCloseTo(found.phiMinus, 10);
      }),
      { numRuns: 30 },
    );
  });

  it('gives the recurrence of the literature, its outputs summing to 1', () => {
    const expected = [
      [0.735294, 0.68],
      [0.845946, 0.640138],
      [0.934395, 0.766253],
      [0.972004, 0.898387],
      [0.996964, 0.94767],
      [0.999771, 0.994165],
    ];
    const rounds = recurrence(dejmps, wernerState(0.7), 6);
    for (const [round, { state, successProbability }] of rounds.entries()) {
      expect(state.phiPlus).toBeCloseTo(expected[round]![0]!, 6);
      expect(successProbability).toBeCloseTo(expected[round]![1]!, 6);
    }
    fc.assert(
      fc.property(anyBellState, anyBellState, anyStation, (kept, measured, station) => {
        const { phiPlus, phiMinus, psiPlus, psiMinus } = dejmps(kept, measured, station).state;
        expect(Math.abs(phiPlus + phiMinus + psiPlus + psiMinus - 1)).toBeLessThan(1e-12);
      }),
    );
  });
});

describe('BBPSSW', () => {
  it('has the closed forms of equal and unequal Werner pairs', () => {
    fc.assert(
      fc.property(fraction(), fraction(), (first, second) => {
        const [r1, r2] = [(1 - first) / 3, (1 - second) / 3];
        const p = first * second + first * r2 + second * r1 + 5 * r1 * r2;
        const { successProbability, state } = bbpssw(wernerState(first), wernerState(second));
        expect(successProbability).toBeCloseTo(p, 12);
        expectState(state, wernerState((first * second + r1 * r2) / p));
      }),
    );
    const { successProbability, state } = bbpssw(wernerState(0.9), wernerState(0.9));
    expect([state.phiPlus, successProbability].map((v) => Number(v.toFixed(8)))).toEqual([
      0.92639594, 0.87555556,
    ]);
  });

  it('gains exactly above 1/2, and falls behind DEJMPS from the second round on', () => {
    expect(bbpssw(wernerState(0.5), wernerState(0.5)).state.phiPlus).toBeCloseTo(0.5, 12);
    const start = wernerState(0.7);
    const [one, two] = [bbpssw, dejmps].map((step) =>
      recurrence(step, start, 4).map(({ state }) => state.phiPlus),
    );
    expect(one![0]).toBeCloseTo(two![0]!, 12);
    for (const round of [1, 2, 3]) expect(two![round]).toBeGreaterThan(one![round]!);
  });

  it('with errors of the stations has the formula of Briegel and others', () => {
    const [f, gateFidelity, readoutFidelity] = [0.85, 0.98, 0.97];
    const r = (1 - f) / 3;
    const [same, other] = [
      readoutFidelity ** 2 + (1 - readoutFidelity) ** 2,
      2 * readoutFidelity * (1 - readoutFidelity),
    ];
    const noise = (1 - gateFidelity ** 2) / (8 * gateFidelity ** 2);
    const expected =
      ((f * f + r * r) * same + (f * r + r * r) * other + noise) /
      ((f * f + 2 * f * r + 5 * r * r) * same + 4 * (f * r + r * r) * other + 4 * noise);
    const pair = wernerState(f);
    expect(bbpssw(pair, pair, { gateFidelity, readoutFidelity }).state.phiPlus).toBeCloseTo(expected, 12);
  });
});

describe('successes', () => {
  it('come as often as the closed form says, within 4 standard errors', () => {
    const rng = Rng.of('purification');
    const [pair, trials] = [wernerState(0.8), 200_000];
    const { successProbability, state } = dejmps(pair, pair);
    // A Werner pair is phiPlus, or else any of the other three; bits agree when both pairs are phi or both psi.
    const draw = () => (rng.uniform() < 0.8 ? 0 : 1 + rng.integer(3));
    const isPsi = [false, true, true, false];
    let [agreed, right] = [0, 0];
    for (let trial = 0; trial < trials; trial++) {
      const [kept, measured] = [draw(), draw()];
      if (isPsi[kept] !== isPsi[measured]) continue;
      agreed++;
      if (kept === measured && !isPsi[kept]) right++;
    }
    const error = (p: number, n: number) => Math.sqrt((p * (1 - p)) / n);
    expect(Math.abs(agreed / trials - successProbability)).toBeLessThan(
      4 * error(successProbability, trials),
    );
    expect(Math.abs(right / agreed - state.phiPlus)).toBeLessThan(4 * error(state.phiPlus, agreed));
  });
});

describe('many rounds', () => {
  it('pump to a fixed point', () => {
    expect(pumpingLimit(bbpssw, wernerState(0.9)).phiPlus).toBeCloseTo(0.9434601571592949, 12);
    const rounds = pumping(bbpssw, wernerState(0.9), 60);
    expect(rounds.at(-1)!.state.phiPlus).toBeCloseTo(0.9434601571592949, 9);
    expect(rounds[0]!.pairsUsed).toBeCloseTo(2 / rounds[0]!.successProbability, 12);
    expect(rounds[1]!.pairsUsed).toBeGreaterThan(rounds[0]!.pairsUsed);
  });

  it('cost the pairs that a simulation counts', () => {
    const rng = Rng.of('cost');
    const rounds = recurrence(bbpssw, wernerState(0.8), 2);
    const make = (round: number): number => {
      if (round === 0) return 1;
      const used = make(round - 1) + make(round - 1);
      return rng.uniform() < rounds[round - 1]!.successProbability ? used : used + make(round);
    };
    const costs = Float64Array.from({ length: 20_000 }, () => make(2));
    const mean = costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
    const variance = costs.reduce((sum, cost) => sum + (cost - mean) ** 2, 0) / costs.length;
    expect(Math.abs(mean - rounds[1]!.pairsUsed)).toBeLessThan(4 * Math.sqrt(variance / costs.length));
  });

  it('distil by hashing what the entropy leaves', () => {
    expect(hashingYield(pureBell('psiMinus'))).toBe(1);
    expect(hashingYield(FULLY_MIXED)).toBe(0);
    // Hashing of Werner states begins at F = 0.8107 (Bennett et al. 1996).
    expect(hashingYield(wernerState(0.8106))).toBe(0);
    expect(hashingYield(wernerState(0.8108))).toBeGreaterThan(0);
  });

  it('refuse what cannot succeed or settle', () => {
    expect(() => bbpssw(wernerState(0.9), wernerState(0.9), { gateFidelity: 2 })).toThrow(
      'gateFidelity is 2',
    );
    expect(() => dejmps(pureBell('phiPlus'), pureBell('psiPlus'))).toThrow('never succeeds');
    expect(() => recurrence(dejmps, wernerState(0.9), 101)).toThrow('rounds is 101');
  });
});
