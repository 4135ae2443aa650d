import { expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { type BellState, wernerState } from '../bell.js';
import { chshTest, type PairUser, teleportation } from './applications.js';

function score(user: PairUser, state: BellState, expected: number): number {
  for (let pair = 0; pair < 40_000; pair++) user.use(state);
  const { value, standardError } = user.estimate();
  return Math.abs(value - expected) / standardError;
}

it('teleports with fidelity (2F + 1)/3, for any Bell-diagonal pair', () => {
  const uneven: BellState = { phiPlus: 0.8, phiMinus: 0.15, psiPlus: 0.03, psiMinus: 0.02 };
  expect(score(teleportation(Rng.of(1)), wernerState(0.9), 2.8 / 3)).toBeLessThan(4);
  expect(score(teleportation(Rng.of(2)), uneven, 2.6 / 3)).toBeLessThan(4);
});

it('estimates S without bias: 2.451303508 at F = 0.9, the classical 2 at 0.780330', () => {
  expect(score(chshTest(Rng.of(3)), wernerState(0.9), 2.451303508)).toBeLessThan(4);
  expect(score(chshTest(Rng.of(4)), wernerState(0.780330086), 2)).toBeLessThan(4);
});

it('asks for pairs', () => {
  expect(() => teleportation(Rng.of(1)).estimate()).toThrow('teleportation: 0 pairs; allowed: 2 or more');
  expect(() => chshTest(Rng.of(1)).estimate()).toThrow(
    'CHSH test, each setting: 0 pairs; allowed: 1 or more',
  );
});
