import { InputError } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import type { BellState } from '../bell.js';

/** An estimate from delivered pairs. */
export interface PairEstimate {
  readonly value: number;
  readonly standardError: number;
  /** Pairs used. */
  readonly pairs: number;
}

/** Uses up delivered pairs one by one. */
export interface PairUser {
  /** Uses a pair in the state that it is in. */
  use(state: BellState): void;
  /** @throws InputError before enough pairs were used. */
  estimate(): PairEstimate;
}

/**
 * Teleports a random pure qubit over each pair, and compares what arrives with what was sent: the mean fidelity of
 * teleportation, (2F + 1)/3 for pairs of fidelity F on average (Horodecki, Horodecki, Horodecki 1999).
 */
export function teleportation(rng: Rng): PairUser {
  let [pairs, sum, squares] = [0, 0, 0];
  return {
    use(state) {
      const fidelity = arrivedFidelity(state, rng);
      pairs++;
      sum += fidelity;
      squares += fidelity * fidelity;
    },
    estimate() {
      requirePairs('teleportation', pairs, 2);
      const value = sum / pairs;
      const variance = Math.max(0, squares / pairs - value * value) * (pairs / (pairs - 1));
      return { value, standardError: Math.sqrt(variance / pairs), pairs };
    },
  };
}

/** The pair's label is the Pauli error on the qubit; it leaves the squared component of the Bloch vector on its axis. */
function arrivedFidelity({ phiPlus, phiMinus, psiPlus }: BellState, rng: Rng): number {
  const draw = rng.uniform();
  const z = rng.uniform(-1, 1);
  const angle = rng.uniform(0, 2 * Math.PI);
  const x = Math.sqrt(1 - z * z) * Math.cos(angle);
  if (draw < phiPlus) return 1;
  if (draw < phiPlus + phiMinus) return z * z;
  return draw < phiPlus + phiMinus + psiPlus ? x * x : 1 - x * x - z * z;
}

/**
 * Plays CHSH (1969) with random settings on each pair, Z and X against (Z ± X)/√2: S is √2 (t_zz + t_xx) on average, 2√2 w
 * for Werner states of weight w, and at most 2 for anything classical.
 */
export function chshTest(rng: Rng): PairUser {
  const [counts, sums] = [
    [0, 0, 0, 0],
    [0, 0, 0, 0],
  ];
  return {
    use(state) {
      const setting = rng.integer(4);
      counts[setting]!++;
      sums[setting]! += rng.uniform() < (1 + correlation(state, setting)) / 2 ? 1 : -1;
    },
    estimate() {
      requirePairs('CHSH test, each setting', Math.min(...counts), 1);
      const means = sums.map((sum, setting) => sum / counts[setting]!);
      const variance = means.reduce((total, one, setting) => total + (1 - one * one) / counts[setting]!, 0);
      const [a, b, c, d] = means as [number, number, number, number];
      const pairs = counts.reduce((total, one) => total + one, 0);
      return { value: a + b + c - d, standardError: Math.sqrt(variance), pairs };
    },
  };
}

/** Mean product of the outcomes; settings are Z or X of one end (bit 1) and Z + X or Z - X of the other (bit 0). */
function correlation({ phiPlus, phiMinus, psiPlus, psiMinus }: BellState, setting: number): number {
  if (setting < 2) return (phiPlus + phiMinus - psiPlus - psiMinus) * Math.SQRT1_2;
  const xx = (phiPlus - phiMinus + psiPlus - psiMinus) * Math.SQRT1_2;
  return setting === 2 ? xx : -xx;
}

function requirePairs(what: string, pairs: number, least: number): void {
  if (pairs < least) throw new InputError(`${what}: ${pairs} pairs; allowed: ${least} or more`);
}
