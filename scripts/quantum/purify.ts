import { type Rng, wilsonInterval } from 'semwave/math';
import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import {
  BELL_LABELS,
  type BellLabel,
  bbpssw,
  combinedLabel,
  dejmps,
  FIBRE_SPEED_KM_PER_SEC,
  type PurificationRound,
  pumping,
  recurrence,
  wernerState,
} from 'semwave/quantum';
import { purifyFigures, SIMULATED } from './purify-figures.js';

/** Rounds of a protocol by the closed forms. */
type Protocol = (
  start: ReturnType<typeof wernerState>,
  rounds: number,
  station: object,
) => PurificationRound[];

const protocols: Record<string, Protocol> = {
  BBPSSW: (...all) => recurrence(bbpssw, ...all),
  DEJMPS: (...all) => recurrence(dejmps, ...all),
  'BBPSSW, pumping': (...all) => pumping(bbpssw, ...all),
};

export default defineExperiment({
  id: 'quantum/purify',
  title: 'Purification: how pure, how often, at what price',
  paper: 'Bennett et al. 1996; Deutsch et al. 1996; Briegel, Dür, Cirac, Zoller 1998',
  purpose:
    'fidelity, success and yield by round of BBPSSW, DEJMPS and pumping, with perfect and imperfect gates',
  params: {
    fidelity: param.grid([0.6, 0.7, 0.8, 0.9], { about: 'of the Werner pairs that go in' }),
    gateFidelity: param.grid([1, 0.99], { about: 'probability that a two-qubit gate works' }),
    rounds: param.integer({ default: 6, min: 1, max: 20, about: 'of purification' }),
    pairs: param.integer({ default: 400_000, min: 100, max: 2 ** 24, about: 'simulated pairs that go in' }),
    lengthKm: param.number({ default: 50, min: 0, max: 20_000, unit: 'km', about: 'between the two sides' }),
  },
  presets: {
    quick: { cost: '15 seconds on two cores', pairs: 100_000 },
    paper: { cost: '30 seconds on two cores', pairs: 4_000_000 },
  },

  async *measure({ fidelity, gateFidelity }, { config, rng }): AsyncGenerator<NewRow> {
    const start = wernerState(fidelity);
    const roundSec = config.lengthKm / FIBRE_SPEED_KM_PER_SEC;
    const row = (system: string, round: number, values: Values): NewRow => ({
      system,
      rate: { unit: 'pairs/pair', metric: 'pairs kept for each pair that went in', ...values.kept },
      accuracy: { unit: 'fidelity', metric: 'of the pairs kept', ...values.fidelity },
      latency: { value: round * roundSec, unit: 's', metric: 'outcomes told, one light delay a round' },
      params: {
        round,
        ...(values.success !== undefined && { success: values.success, tried: values.tried ?? 0 }),
      },
    });
    for (const [system, protocol] of Object.entries(protocols)) {
      yield row(system, 0, { kept: { value: 1 }, fidelity: { value: fidelity } });
      for (const [index, result] of protocol(start, config.rounds, { gateFidelity }).entries()) {
        const { state, successProbability, pairsUsed } = result;
        const values = { kept: { value: 1 / pairsUsed }, fidelity: { value: state.phiPlus } };
        yield row(system, index + 1, { ...values, success: successProbability });
      }
    }
    for (const system of ['BBPSSW', 'DEJMPS'] as const) {
      const population = drawPairs(fidelity, config.pairs, rng.fork(system));
      const rounds = simulate(system, population, { ...config, gateFidelity }, rng.fork(`${system} rounds`));
      for (const values of rounds) yield row(`${system}${SIMULATED}`, values.round, values);
    }
  },

  figures: (rows) => purifyFigures(rows),
});

interface Estimate {
  value: number;
  ci95?: [number, number];
}

interface Values {
  kept: Estimate;
  fidelity: Estimate;
  success?: number;
  /** Simulated tries that it is the share of. */
  tried?: number;
}

/** Pairs as what they are, Bell states of which nobody knows the label. */
function drawPairs(fidelity: number, count: number, rng: Rng): BellLabel[] {
  return Array.from({ length: count }, () =>
    rng.uniform() < fidelity ? 'phiPlus' : BELL_LABELS[1 + rng.integer(3)]!,
  );
}

/** Pairs up what is left, round after round, until too few pairs are left to tell their fidelity. */
function* simulate(
  system: 'BBPSSW' | 'DEJMPS',
  start: BellLabel[],
  { rounds, gateFidelity }: { rounds: number; gateFidelity: number },
  rng: Rng,
): Generator<Values & { round: number }> {
  let pairs = start;
  for (let round = 1; round <= rounds; round++) {
    const tried = Math.floor(pairs.length / 2);
    const kept: BellLabel[] = [];
    for (let k = 0; k < tried; k++) {
      const result = purified(system, pairs[2 * k]!, pairs[2 * k + 1]!, gateFidelity, rng);
      if (result) kept.push(result);
    }
    if (kept.length < 200) return;
    const right = kept.filter((label) => label === 'phiPlus').length;
    yield {
      round,
      kept: { value: kept.length / start.length },
      fidelity: { value: right / kept.length, ci95: wilsonInterval(right, kept.length) },
      success: kept.length / tried,
      tried,
    };
    pairs = kept;
  }
}

/** The pair that two pairs leave, or nothing when their bits differ. */
function purified(
  system: 'BBPSSW' | 'DEJMPS',
  kept: BellLabel,
  measured: BellLabel,
  gateFidelity: number,
  rng: Rng,
): BellLabel | undefined {
  const worked = rng.uniform() < gateFidelity && rng.uniform() < gateFidelity;
  if (!worked) return rng.uniform() < 1 / 2 ? BELL_LABELS[rng.integer(4)]! : undefined;
  const [one, two] = system === 'DEJMPS' ? [turned(kept), turned(measured)] : [kept, measured];
  if (isPsi(one) !== isPsi(two)) return undefined;
  const result = isMinus(two) ? combinedLabel(one, 'phiMinus') : one;
  return system === 'DEJMPS' ? result : twirled(result, rng);
}

const isPsi = (label: BellLabel) => label.startsWith('psi');
const isMinus = (label: BellLabel) => label.endsWith('Minus');

/** Rotations about X at both ends change phiMinus for psiMinus. */
const turned = (label: BellLabel): BellLabel => (isMinus(label) ? combinedLabel(label, 'psiPlus') : label);

/** Random bilateral rotations leave phiPlus and mix the other three. */
const twirled = (label: BellLabel, rng: Rng): BellLabel =>
  label === 'phiPlus' ? label : BELL_LABELS[1 + rng.integer(3)]!;
