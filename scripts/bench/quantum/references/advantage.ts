/** CHSH, the fidelity witness, superdense coding, games and decisions. */
import { mean, type Rng, standardError } from '../../../../lib/math/index.js';
import {
  bestChsh,
  type Coincidences,
  chshFrom,
  chshWin,
  communicationCosts,
  correlationAlong,
  correlationsOf,
  decisionLatency,
  ghzClassicalWin,
  ghzWin,
  superdenseBits,
  wernerChsh,
  wernerState,
  witnessFrom,
  witnessValue,
} from '../../../../lib/quantum/index.js';
import { type Reference, within } from '../../reference.js';
import { closedForm } from '../closed-forms.js';

const eigenvalues = 'eigenvalues of the correlation matrix';

/** The fidelity at which a falling function of it is 0, by bisection. */
function root(f: (fidelity: number) => number): number {
  let [low, high] = [0.3, 1];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (f(middle) > 0) low = middle;
    else high = middle;
  }
  return low;
}

const closed = [
  closedForm('chsh/0.9', 'S of a Werner pair of 0.9 at its best settings', eigenvalues, () =>
    wernerChsh(0.9),
  ),
  closedForm('chsh/win/0.9', 'probability to win the CHSH game with it', eigenvalues, () =>
    chshWin(wernerState(0.9)),
  ),
  closedForm('chsh/win/1', 'probability to win the CHSH game with a pure pair', eigenvalues, () =>
    chshWin(wernerState(1)),
  ),
  closedForm('chsh/threshold', 'fidelity of a Werner pair above which S > 2', `${eigenvalues}, root`, () =>
    root((f) => 2 - bestChsh(wernerState(f)).value),
  ),
  closedForm(
    'witness/threshold',
    'fidelity of a Werner pair above which the witness finds it entangled',
    'least eigenvalue of the partial transpose, root',
    () => root((f) => witnessValue(correlationsOf(wernerState(f)), 'phiPlus')),
  ),
  closedForm('superdense/1', 'bits a qubit by superdense coding, pure pair', 'entropies of eigenvalues', () =>
    superdenseBits(wernerState(1)),
  ),
  closedForm(
    'superdense/0.9',
    'bits a qubit by superdense coding, Werner pair of 0.9',
    'entropies of eigenvalues',
    () => superdenseBits(wernerState(0.9)),
  ),
];

/** Numbers that stand in the literature as fractions. */
const fractions: Reference[] = (
  [
    [
      'ghz/classical',
      "Mermin's game without entanglement, three parties",
      'Mermin 1990',
      3 / 4,
      () => ghzClassicalWin(3),
    ],
    ['ghz/quantum', "Mermin's game with a GHZ state", 'Mermin 1990', 1, () => ghzWin([1, 1, 1])],
    [
      'latency/1000',
      'seconds that coordination by talking over 1,000 km of fibre takes at least',
      'distance over 2e5 km/s',
      0.005,
      () => decisionLatency({ distanceKm: 1000 }).classicalSec,
    ],
    [
      'deutsch-jozsa/1024',
      'qubits of the distributed Deutsch-Jozsa problem of 1,024 bits',
      'Buhrman, Cleve, Wigderson 1998: log2 n',
      10,
      () => communicationCosts('deutsch-jozsa', 1024).quantumQubits.sent,
    ],
  ] as const
).map(([id, what, source, value, ours]) => ({
  id,
  what,
  source,
  value,
  allowed: within(value, 1e-12),
  measure: () => ({ value: ours() }),
}));

const experiments = 20_000;
const coincidences = 100;

function draw(rng: Rng, correlation: number): Coincidences {
  let same = 0;
  for (let k = 0; k < coincidences; k++) if (rng.uniform() < (1 + correlation) / 2) same++;
  return { same, different: coincidences - same };
}

/** An estimator of ours at F = 0.9: mean of many small experiments. */
function estimator(
  id: string,
  what: string,
  value: number,
  error: number,
  once: (rng: Rng) => number,
): Reference {
  return {
    id,
    what: `${what}: mean of ${experiments} experiments with ${coincidences} coincidences a setting, Werner pairs of 0.9`,
    source: 'closed form; 4 standard errors',
    value,
    allowed: within(value, (4 * error) / Math.sqrt(experiments)),
    measure: (rng) => {
      const values = Float64Array.from({ length: experiments }, () => once(rng));
      return { value: mean(values), ci95: within(mean(values), 1.96 * standardError(values)) };
    },
  };
}

const state = wernerState(0.9);
const correlations = correlationsOf(state);
const { value: chsh, settings } = bestChsh(state);
const alongSettings = [0, 1].flatMap((a) =>
  [0, 1].map((b) => correlationAlong(correlations, settings.alice[a]!, settings.bob[b]!)),
);
/** Standard deviation of an estimate that sums correlations, each of its own coincidences. */
const spread = (sizes: readonly number[]) =>
  Math.sqrt(sizes.reduce((sum, e) => sum + (1 - e * e) / coincidences, 0));

const estimators = [
  estimator('chsh/estimator', 'S from counts', chsh, spread(alongSettings), (rng) => {
    const [a, b, c, d] = alongSettings.map((e) => draw(rng, e));
    return chshFrom([a!, b!, c!, d!]).value;
  }),
  estimator(
    'witness/estimator',
    'fidelity witness from counts',
    -0.4,
    spread(Object.values(correlations)) / 4,
    (rng) => {
      const { xx, yy, zz } = correlations;
      return witnessFrom({ x: draw(rng, xx), y: draw(rng, yy), z: draw(rng, zz) }, 'phiPlus').value;
    },
  ),
];

export const references: Reference[] = [...closed, ...fractions, ...estimators];
