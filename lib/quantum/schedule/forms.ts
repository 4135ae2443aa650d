import { type BellState, wernerState } from '../bell.js';

export const swappedFidelity = (first: number, second: number): number =>
  first * second + ((1 - first) * (1 - second)) / 3;

export function bbpssw(kept: BellState, measured: BellState): { successProbability: number; state: BellState } {
  const [f1, f2] = [kept.phiPlus, measured.phiPlus];
  const [r1, r2] = [(1 - f1) / 3, (1 - f2) / 3];
  const p = f1 * f2 + f1 * r2 + f2 * r1 + 5 * r1 * r2;
  return { successProbability: p, state: wernerState((f1 * f2 + r1 * r2) / p) };
}
