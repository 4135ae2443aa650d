/** Pairs: swapping, storage, purification. */
import type { Rng } from '../../../../lib/math/index.js';
import {
  BELL_LABELS,
  bbpssw,
  decayed,
  dejmps,
  fidelity,
  type PurificationRound,
  pumpingLimit,
  pureBell,
  recurrence,
  swapped,
  wernerState,
} from '../../../../lib/quantum/index.js';
import { type Reference, within } from '../../reference.js';
import { closedForm } from '../closed-forms.js';

const circuit = 'density matrix through the circuit';
const trials = 200_000;

const swaps = [
  closedForm('swap/0.9', 'fidelity of two Werner pairs of 0.9, swapped', circuit, () =>
    fidelity(swapped(wernerState(0.9), wernerState(0.9))),
  ),
  closedForm('swap/four-0.95', 'fidelity of four Werner pairs of 0.95, swapped', circuit, () => {
    const pair = wernerState(0.95);
    return fidelity([pair, pair, pair].reduce((state, next) => swapped(state, next), pair));
  }),
];

const memory = { t1Sec: 1, t2Sec: 0.5 };
const storage = (['phi', 'psi'] as const).map((name) => {
  const label = `${name}Plus` as const;
  return closedForm(
    `storage/${name}`,
    `fidelity of a stored ${label}: 0.3 s in two memories with T1 1 s and T2 0.5 s`,
    'Lindblad equation by matrix exponential',
    () => fidelity(decayed(pureBell(label), 0.3, memory), label),
  );
});

const single = [0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95].flatMap((f) => {
  const once = () => bbpssw(wernerState(f), wernerState(f));
  return [
    closedForm(`bbpssw/${f}/fidelity`, `fidelity after BBPSSW of two Werner pairs of ${f}`, circuit, () =>
      fidelity(once().state),
    ),
    closedForm(
      `bbpssw/${f}/success`,
      `success probability of BBPSSW with two Werner pairs of ${f}`,
      circuit,
      () => once().successProbability,
    ),
  ];
});

const rounds = (step: typeof bbpssw): PurificationRound[] => recurrence(step, wernerState(0.7), 6);

const recurrences = [1, 2, 3, 4, 5, 6].flatMap((round) => [
  closedForm(
    `bbpssw/recurrence/${round}`,
    `fidelity after ${round} rounds of BBPSSW, Werner pairs of 0.7`,
    circuit,
    () => fidelity(rounds(bbpssw)[round - 1]!.state),
  ),
  closedForm(
    `dejmps/recurrence/${round}/fidelity`,
    `fidelity after ${round} rounds of DEJMPS, Werner pairs of 0.7`,
    circuit,
    () => fidelity(rounds(dejmps)[round - 1]!.state),
  ),
  closedForm(
    `dejmps/recurrence/${round}/success`,
    `success probability of round ${round} of DEJMPS, Werner pairs of 0.7`,
    circuit,
    () => rounds(dejmps)[round - 1]!.successProbability,
  ),
]);

const pumped = closedForm(
  'pumping/0.9',
  'fidelity that pumping by BBPSSW with Werner pairs of 0.9 approaches',
  `${circuit}, root`,
  () => fidelity(pumpingLimit(bbpssw, wernerState(0.9))),
);

/** How often two pairs that are drawn as Bell states give equal bits, counted without any of the closed forms. */
function agreements(f: number, turn: boolean, rng: Rng): number {
  // Of phiPlus, phiMinus, psiPlus, psiMinus, those that give unequal bits; DEJMPS changes phiMinus for psiMinus before.
  const flips = turn ? [false, true, true, false] : [false, false, true, true];
  const draw = () => flips[rng.uniform() < f ? 0 : 1 + rng.integer(3)];
  let agreed = 0;
  for (let trial = 0; trial < trials; trial++) {
    const [kept, measured] = [draw(), draw()];
    if (kept === measured) agreed++;
  }
  return agreed;
}

const frequencies: Reference[] = ([bbpssw, dejmps] as const).flatMap((step, index) =>
  [0.7, 0.9].map((f): Reference => {
    const name = index === 0 ? 'bbpssw' : 'dejmps';
    const value = step(wernerState(f), wernerState(f)).successProbability;
    const error = Math.sqrt((value * (1 - value)) / trials);
    return {
      id: `${name}/frequency/${f}`,
      what: `how often ${name.toUpperCase()} succeeds, ${trials} draws of two Werner pairs of ${f}`,
      source: 'closed form; 4 standard errors',
      value,
      allowed: within(value, 4 * error),
      measure: (rng) => {
        const share = agreements(f, index === 1, rng) / trials;
        return { value: share, ci95: within(share, 1.96 * error) };
      },
    };
  }),
);

const normalised: Reference = {
  id: 'dejmps/sum',
  what: 'largest distance from 1 of the sum of a purified state, 10,000 random pairs of states, stations with errors',
  source: 'probabilities sum to 1',
  value: 0,
  allowed: [0, 1e-12],
  measure: (rng) => {
    const draw = () => {
      const weights = BELL_LABELS.map(() => rng.exponential());
      const sum = weights.reduce((a, b) => a + b);
      const [phiPlus, phiMinus, psiPlus, psiMinus] = weights.map((weight) => weight / sum);
      return { phiPlus: phiPlus!, phiMinus: phiMinus!, psiPlus: psiPlus!, psiMinus: psiMinus! };
    };
    let worst = 0;
    for (let trial = 0; trial < 10_000; trial++) {
      const station = { gateFidelity: rng.uniform(), readoutFidelity: rng.uniform() };
      const { state } = dejmps(draw(), draw(), station);
      const sum = BELL_LABELS.reduce((total, label) => total + state[label], 0);
      worst = Math.max(worst, Math.abs(sum - 1));
    }
    return { value: worst };
  },
};

export const references: Reference[] = [
  ...swaps,
  ...storage,
  ...single,
  ...recurrences,
  pumped,
  ...frequencies,
  normalised,
];
