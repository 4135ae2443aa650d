import { InputError, requireInteger } from '../base/index.js';
import type { BellLabel, BellState } from './bell.js';

/** Correlations <XX>, <YY>, <ZZ> of the two qubits, each from -1 to 1. */
export interface Correlations {
  xx: number;
  yy: number;
  zz: number;
}

/** Signs of the correlations of the four Bell states. */
const SIGNS: Readonly<Record<BellLabel, Correlations>> = {
  phiPlus: { xx: 1, yy: -1, zz: 1 },
  phiMinus: { xx: -1, yy: 1, zz: 1 },
  psiPlus: { xx: 1, yy: 1, zz: -1 },
  psiMinus: { xx: -1, yy: -1, zz: -1 },
};

/** The correlations of a Bell-diagonal state. */
export function correlationsOf({ phiPlus, phiMinus, psiPlus, psiMinus }: BellState): Correlations {
  return {
    xx: phiPlus - phiMinus + psiPlus - psiMinus,
    yy: -phiPlus + phiMinus + psiPlus - psiMinus,
    zz: phiPlus + phiMinus - psiPlus - psiMinus,
  };
}

/**
 * Value of the fidelity witness 1/2 - |label><label|, that is 1/2 - F = (1 - |xx| - |yy| - |zz|) / 4 where the
 * correlations have the signs of that Bell state: below 0 only for entangled states.
 */
export function witnessValue(correlations: Correlations, label: BellLabel): number {
  const { xx, yy, zz } = SIGNS[label];
  return (1 - xx * correlations.xx - yy * correlations.yy - zz * correlations.zz) / 4;
}

/** A number estimated from counts. */
export interface Counted {
  value: number;
  /** Standard error, from counts that are independent draws. */
  standardError: number;
}

/** How often the two outcomes were the same and how often they differed. */
export interface Coincidences {
  same: number;
  different: number;
}

/**
 * Correlation of two outcomes: unbiased, as is the square of its standard error, (1 - E²) / (n - 1).
 * @throws InputError for counts that are no integers from 0, or fewer than two together.
 */
export function correlationFrom({ same, different }: Coincidences): Counted {
  requireInteger('same', same, 0);
  requireInteger('different', different, 0);
  const count = same + different;
  if (count < 2) throw new InputError(`a correlation of ${count} coincidences; allowed: 2 or more`);
  const value = (same - different) / count;
  return { value, standardError: Math.sqrt((1 - value * value) / (count - 1)) };
}

/** The fidelity witness from coincidences in the three bases X, Y and Z (D/A, R/L and H/V of polarisation). */
export function witnessFrom(counts: Record<'x' | 'y' | 'z', Coincidences>, label: BellLabel): Counted {
  const [xx, yy, zz] = [correlationFrom(counts.x), correlationFrom(counts.y), correlationFrom(counts.z)];
  return {
    value: witnessValue({ xx: xx.value, yy: yy.value, zz: zz.value }, label),
    standardError: Math.hypot(xx.standardError, yy.standardError, zz.standardError) / 4,
  };
}

/** A direction on the Bloch sphere, of length 1. */
export type Direction = readonly [x: number, y: number, z: number];

/** What the two sides measure by their questions 0 and 1. */
export interface ChshSettings {
  alice: readonly [Direction, Direction];
  bob: readonly [Direction, Direction];
}

/** Correlation of spins measured along two directions. */
export const correlationAlong = ({ xx, yy, zz }: Correlations, a: Direction, b: Direction): number =>
  xx * a[0] * b[0] + yy * a[1] * b[1] + zz * a[2] * b[2];

/**
 * S = E(0,0) + E(0,1) + E(1,0) - E(1,1) of the settings (Clauser, Horne, Shimony, Holt 1969); local models reach 2.
 * @throws InputError when a direction's length is not 1 within 1e-9.
 */
export function chshValue(state: BellState, { alice, bob }: ChshSettings): number {
  for (const direction of [...alice, ...bob]) requireUnit(direction);
  const correlations = correlationsOf(state);
  const at = (a: 0 | 1, b: 0 | 1) => correlationAlong(correlations, alice[a], bob[b]);
  return at(0, 0) + at(0, 1) + at(1, 0) - at(1, 1);
}

/**
 * The settings with the largest S of a Bell-diagonal state, 2 √(t1² + t2²) with its two strongest correlations t1, t2
 * (Horodecki, Horodecki, Horodecki 1995).
 */
export function bestChsh(state: BellState): { value: number; settings: ChshSettings } {
  const { xx, yy, zz } = correlationsOf(state);
  const axes: { size: number; along: Direction }[] = [
    { size: xx, along: [1, 0, 0] },
    { size: yy, along: [0, 1, 0] },
    { size: zz, along: [0, 0, 1] },
  ];
  axes.sort((a, b) => Math.abs(b.size) - Math.abs(a.size));
  const [first, second] = [axes[0]!, axes[1]!];
  const length = Math.hypot(first.size, second.size);
  const [cosine, sine] = length > 0 ? [first.size / length, second.size / length] : [1, 0];
  const bob = (sign: number): Direction => {
    const part = (k: 0 | 1 | 2) => cosine * first.along[k] + sign * sine * second.along[k];
    return [part(0), part(1), part(2)];
  };
  return { value: 2 * length, settings: { alice: [first.along, second.along], bob: [bob(1), bob(-1)] } };
}

/** S of a Werner state at its best settings: 2 √2 w with w = (4F - 1) / 3. It passes 2 from F = 0.780330 on. */
export const wernerChsh = (fidelity: number): number => (2 * Math.SQRT2 * (4 * fidelity - 1)) / 3;

/** S from the coincidences of the four pairs of questions, in the order (0,0), (0,1), (1,0), (1,1). */
export function chshFrom(counts: readonly [Coincidences, Coincidences, Coincidences, Coincidences]): Counted {
  const [a, b, c, d] = counts.map(correlationFrom) as [Counted, Counted, Counted, Counted];
  return {
    value: a.value + b.value + c.value - d.value,
    standardError: Math.hypot(a.standardError, b.standardError, c.standardError, d.standardError),
  };
}

function requireUnit(direction: Direction): void {
  const length = Math.hypot(...direction);
  if (!(Math.abs(length - 1) <= 1e-9)) throw new InputError(`a direction has length ${length}; allowed: 1`);
}
