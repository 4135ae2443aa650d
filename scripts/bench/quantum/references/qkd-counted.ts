/** Quantum keys and swapping by counting photons, against closed forms and another simulator. */
import type { Rng } from '../../../../lib/math/index.js';
import {
  type Bb84Input,
  bb84,
  bestChsh,
  chshFrom,
  countBases,
  countChsh,
  mdiGains,
  memoryRates,
  memoryRelay,
  simulateBb84,
  simulateMdi,
  simulateMemory,
  swapExperiment,
  swappedPair,
  witnessFrom,
} from '../../../../lib/quantum/index.js';
import { type Reference, within } from '../../reference.js';

/** A share that is counted: ours may lie four standard errors off, and the value's own error is added. */
function counted(entry: {
  id: string;
  what: string;
  source: string;
  value: number;
  trials: number;
  valueError?: number;
  count: (rng: Rng) => number;
}): Reference {
  const { id, what, source, value, trials, count, valueError = 0 } = entry;
  const error = Math.hypot(Math.sqrt((value * (1 - value)) / trials), valueError);
  return {
    id: `qkd-counted/${id}`,
    what,
    source,
    value,
    allowed: within(value, 4 * error),
    measure: (rng) => {
      const ours = count(rng);
      const half = 1.96 * Math.sqrt((ours * (1 - ours)) / trials);
      return { value: ours, ci95: [ours - half, ours + half] };
    },
  };
}

const sequence = 'SeQUeNCe 0.6.0, BB84 example as it runs (efficiency 0.9, 25 MHz, no darks), seeds 0 and 1';
const like = (distanceKm: number): Bb84Input => ({
  source: { pulseRateHz: 8e7, meanPhotonNumber: 0.1, polarizationFidelity: 0.97 },
  detector: { efficiency: 0.9, deadTimeSec: 4e-8, darkCountRateHz: 0 },
  transmissivity: 10 ** (-0.02 * distanceKm),
});

const bb84Entries = [
  counted({
    id: 'bb84/sequence/clicks',
    what: 'share of 791,040 pulses of mean 0.1 that click after 10 km, dead time 40 ns',
    source: sequence,
    value: 40_430 / 791_040,
    valueError: Math.sqrt(40_430) / 791_040,
    trials: 791_040,
    count: (rng) => simulateBb84(bb84(like(10)), 791_040, rng).detectedPulses / 791_040,
  }),
  ...(
    [
      [10, 0.01479, 0.00026],
      [50, 0.01649, 0.00072],
    ] as const
  ).map(([km, value, valueError]) =>
    counted({
      id: `bb84/sequence/qber/${km}km`,
      what: `QBER of sifted bits after ${km} km, polarization fidelity 0.97 (expected 0.015)`,
      source: sequence,
      value,
      valueError,
      trials: 100_000,
      count: (rng) => qber(like(km), km === 10 ? 4e6 : 26e6, rng),
    }),
  ),
  counted({
    id: 'bb84/clicks',
    what: 'share of pulses of mean 0.5 that click through 20 dB, no dead time',
    source: '1 - exp(-mu eta)',
    value: -Math.expm1(-0.5 * 0.01 * 0.8),
    trials: 2e7,
    count: (rng) => {
      const config = bb84({
        source: { meanPhotonNumber: 0.5 },
        detector: { deadTimeSec: 0 },
        transmissivity: 0.01,
      });
      return simulateBb84(config, 2e7, rng).detectedPulses / 2e7;
    },
  }),
];

function qber(config: Bb84Input, pulses: number, rng: Rng): number {
  const { alice, bob } = simulateBb84(bb84(config), pulses, rng).sifted;
  return alice.reduce((sum, bit, k) => sum + (bit ^ bob[k]!), 0) / alice.length;
}

const mdiLink = { efficiencyA: 0.4, efficiencyB: 0.4, darkProbability: 1e-3, misalignment: 0.015 };
const one = { meanPhotonNumberA: 1, meanPhotonNumberB: 1 };
const MDI_TRIALS = 1e6;

const mdiEntries = (['rectilinear', 'diagonal'] as const).flatMap((basis) => {
  const { gain, errorRate } = mdiGains(mdiLink, one)[basis];
  const run = (rng: Rng) => simulateMdi(mdiLink, one, { basis, trials: MDI_TRIALS }, rng);
  const source = 'closed form, Ma and Razavi 2012';
  return [
    counted({
      id: `mdi/${basis}/gain`,
      what: `announced share of MDI pulses, ${basis}: four detectors, random phases`,
      source,
      value: gain,
      trials: MDI_TRIALS,
      count: (rng) => run(rng).announced / MDI_TRIALS,
    }),
    counted({
      id: `mdi/${basis}/error`,
      what: `error rate of announced MDI pulses, ${basis}`,
      source,
      value: errorRate,
      trials: MDI_TRIALS * gain,
      count: (rng) => {
        const { announced, errors } = run(rng);
        return errors / announced;
      },
    }),
  ];
});

const memoryEntries = [12, 124, 296].flatMap((slots) => {
  const relay = memoryRelay({ slots, errorFirst: 0.05 });
  const rates = memoryRates(relay);
  const initialisations = 3e5;
  const run = (rng: Rng) => simulateMemory(relay, initialisations, rng);
  return [
    counted({
      id: `memory/${slots}/stored`,
      what: `share of initialisations with both photons stored, ${slots} slots`,
      source: '[1 - (1 - p_m)^(N/2)]^2',
      value: rates.bothProbability,
      trials: initialisations,
      count: (rng) => run(rng).stored / initialisations,
    }),
    counted({
      id: `memory/${slots}/error`,
      what: `error rate of the first basis with dephasing over ${slots} slots`,
      source: 'closed form: 0.05 and an independent flip of the spin',
      value: rates.errorFirst,
      trials: initialisations * rates.bothProbability * 0.25,
      count: (rng) => {
        const { firstErrors, firstBasis } = run(rng);
        return firstErrors / firstBasis;
      },
    }),
  ];
});

/** Standard deviations by which witness or CHSH of the default swapping experiment pass the classical limit. */
function significance(id: string, what: string, value: number, measure: (rng: Rng) => number): Reference {
  return {
    id: `qkd-counted/swap/${id}`,
    what,
    source: 'Herbst et al. 2015: more than 6 standard deviations; assumptions of the script teleport-143km',
    value,
    allowed: [6, Number.POSITIVE_INFINITY],
    measure: (rng) => ({ value: measure(rng) }),
  };
}

const swapEntries = [
  significance('witness', 'witness of entanglement swapped through 32 dB, 4 h a basis', 6, (rng) => {
    const experiment = swapExperiment({
      source: { fidelity: 0.95, meanPairNumber: 0.02 },
      overlap: 0.8,
      localEfficiency: 0.15,
      channelLossDb: 32,
      remoteEfficiency: 0.3,
      remoteDarkCountRateHz: 500,
    });
    const counts = countBases(experiment, 14_400, rng);
    const { value, standardError } = witnessFrom(counts, 'psiMinus');
    return -value / standardError;
  }),
  significance('chsh', 'CHSH of better pairs (F 0.995, overlap 0.97, 0.002 pairs) at 10 dB', 6, (rng) => {
    const experiment = swapExperiment({
      source: { fidelity: 0.995, meanPairNumber: 0.002 },
      overlap: 0.97,
      channelLossDb: 10,
    });
    const { settings } = bestChsh(swappedPair(experiment).state);
    const counts = countChsh(experiment, { settings, secPerSetting: 100_000 }, rng);
    const { value, standardError } = chshFrom(counts);
    return (value - 2) / standardError;
  }),
];

export const references: Reference[] = [...bb84Entries, ...mdiEntries, ...memoryEntries, ...swapEntries];
