import { mean, type Rng, standardError, wilsonInterval } from 'semwave/math';
import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import {
  bb84Gain,
  bb84Link,
  bb84Rate,
  binaryEntropy,
  decoyOptimum,
  expectedCounts,
  finiteDecoyKey,
  type KeyBlock,
  mdiGains,
  mdiOptimum,
  passKey,
  passPoints,
  plobBits,
  satellitePass,
  simulateMdi,
  transmissivity,
  vacuumWeakRate,
} from 'semwave/quantum';
import { qkdFigures } from './qkd-figures.js';
import {
  attenuationDbPerKm,
  decoyLink,
  downlink,
  fromSatellite,
  inefficiency,
  mdiLink,
  overFibre,
  pulsesFor,
} from './qkd-setup.js';

const security = { secrecy: 1e-9, correctness: 1e-15 };
const none = { value: 0, unit: 's', metric: 'none: blocks of unlimited length' };
const perPulse = (value: number) => ({ value, unit: 'bit/pulse', metric: 'secret key' });
const qber = (value: number) => ({ value, unit: 'ratio', metric: 'error rate of the sifted key' });

export default defineExperiment({
  id: 'quantum/qkd',
  title: 'Secret keys over fibre and from a satellite',
  paper: 'Lo, Ma, Chen 2005; Ma et al. 2005; Lim et al. 2014; Ma, Razavi 2012; Pirandola et al. 2017',
  purpose:
    'decoy-state BB84 and MDI keys against distance, simulated photon by photon, below the repeaterless bound',
  params: {
    distanceKm: param.grid({
      unit: 'km',
      from: 0,
      to: 420,
      step: 10,
      max: 1000,
      about: 'of the closed forms',
    }),
    simulatedKm: param.grid({
      unit: 'km',
      from: 0,
      to: 225,
      step: 25,
      max: 300,
      about: 'of the simulated link',
    }),
    armLossDb: param.grid({
      unit: 'dB',
      from: 0,
      to: 20,
      step: 2,
      max: 40,
      about: 'each arm of the counted MDI',
    }),
    elevationDeg: param.grid({
      unit: 'degrees',
      from: 20,
      to: 90,
      step: 10,
      min: 15,
      about: 'highest of a pass',
    }),
    detections: param.integer({
      default: 4_000_000,
      min: 1000,
      max: 1e8,
      about: 'detected pulses of a simulated block',
    }),
    blocks: param.integer({ default: 6, min: 2, max: 1000, about: 'simulated blocks at a distance' }),
    trials: param.integer({
      default: 10_000_000,
      min: 1000,
      max: 1e9,
      about: 'pulse pairs of the counted MDI',
    }),
  },
  presets: {
    quick: {
      cost: '35 seconds on two cores',
      simulatedKm: [0, 50, 100, 150, 200],
      armLossDb: [0, 4, 8, 12],
      elevationDeg: [20, 30, 50, 90],
      detections: 1_000_000,
      blocks: 2,
      trials: 1_000_000,
    },
    paper: { cost: '12 minutes on two cores' },
  },

  points: ({ distanceKm, simulatedKm, armLossDb, elevationDeg }) => [
    ...distanceKm.map((km) => ({ part: 'closed', distanceKm: km })),
    ...simulatedKm.map((km) => ({ part: 'simulated', distanceKm: km })),
    ...armLossDb.map((lossDb) => ({ part: 'mdi', armLossDb: lossDb })),
    ...elevationDeg.map((deg) => ({ part: 'pass', elevationDeg: deg })),
  ],

  async *measure(point, { config, rng, progress }): AsyncGenerator<NewRow> {
    if ('armLossDb' in point) yield* countedMdi(point.armLossDb, config.trials, rng);
    else if ('elevationDeg' in point) yield* pass(point.elevationDeg);
    else if (point.part === 'closed') yield* closed(point.distanceKm, config.detections);
    else {
      const found: KeyBlock[] = [];
      const setup = overFibre(point.distanceKm);
      const link = bb84Link({ config: setup, blockPulses: pulsesFor(setup, config.detections), security });
      for (let k = 0; k < config.blocks; k++) {
        found.push(link.block(rng.fork(k)));
        progress((k + 1) / config.blocks);
      }
      yield simulated(found, setup.source.pulseRateHz);
    }
  },

  figures: (rows, { config }) => qkdFigures(rows, config),
});

function* closed(km: number, detections: number): Generator<NewRow> {
  const eta = transmissivity(attenuationDbPerKm * km);
  const link = decoyLink(km);
  const setup = overFibre(km);
  const { errorRate } = bb84Gain(setup, setup.source.meanPhotonNumber);
  const row = (system: string, value: number, error = errorRate): NewRow => ({
    system,
    rate: perPulse(value),
    accuracy: qber(error),
    latency: none,
  });
  // No finite rate bounds a link without loss.
  if (km > 0) yield row('repeaterless bound (PLOB)', plobBits(eta), 0);
  yield row('BB84, any decoys', decoyOptimum(link).rate);
  yield row('BB84, two decoys', vacuumWeakRate(link, { signal: 0.5, decoy: 0.2 }));
  const mdi = mdiOptimum(mdiLink(km), inefficiency);
  const both = { meanPhotonNumberA: mdi.meanPhotonNumber, meanPhotonNumberB: mdi.meanPhotonNumber };
  yield row('MDI, any decoys', mdi.rate, mdiGains(mdiLink(km), both).rectilinear.errorRate);
  const pulses = pulsesFor(setup, detections);
  const counts = expectedCounts(setup, pulses);
  const bits = counts.reduce((sum, one) => sum + one.keyBits, 0);
  const wrong = counts.reduce((sum, one) => sum + one.keyErrors, 0);
  const leaked = inefficiency * bits * binaryEntropy(wrong / bits);
  yield {
    ...row('BB84, finite block', finiteDecoyKey(counts, leaked, security).secretBits / pulses, wrong / bits),
    latency: { value: pulses / setup.source.pulseRateHz, unit: 's', metric: 'sending a block' },
  };
}

function simulated(blocks: readonly KeyBlock[], pulseRateHz: number): NewRow {
  const rates = blocks.map(({ secretBitsPerSec }) => secretBitsPerSec / pulseRateHz);
  const bits = blocks.reduce((sum, { keyBits }) => sum + keyBits, 0);
  const errors = Math.round(blocks.reduce((sum, one) => sum + one.keyErrorRate * one.keyBits, 0));
  const [rate, half] = [mean(rates), 1.96 * standardError(rates)];
  return {
    system: 'BB84, simulated',
    rate: { ...perPulse(rate), ci95: [rate - half, rate + half] },
    accuracy: { ...qber(errors / bits), ci95: wilsonInterval(errors, bits) },
    latency: {
      value: mean(blocks.map(({ latencySec }) => latencySec)),
      unit: 's',
      metric: 'first pulse of a block to its key, without computing',
    },
    params: {
      secretBitsPerSec: mean(blocks.map(({ secretBitsPerSec }) => secretBitsPerSec)),
      leakedPerKeyBit: mean(blocks.map(({ leakedBits, keyBits }) => leakedBits / keyBits)),
      classicalBitsPerSecretBit: mean(
        blocks.map(({ classicalBits, bits: key }) => classicalBits / Math.max(1, key.length)),
      ),
    },
  };
}

function* countedMdi(armLossDb: number, trials: number, rng: Rng): Generator<NewRow> {
  const efficiency = 0.6 * transmissivity(armLossDb);
  const link = {
    efficiencyA: efficiency,
    efficiencyB: efficiency,
    darkProbability: 1e-6,
    misalignment: 0.01,
  };
  const both = { meanPhotonNumberA: 0.5, meanPhotonNumberB: 0.5 };
  const gains = mdiGains(link, both);
  for (const basis of ['rectilinear', 'diagonal'] as const) {
    const announced = (value: number) => ({ value, unit: 'ratio', metric: 'announced share of the pulses' });
    const error = (value: number) => ({ value, unit: 'ratio', metric: 'error rate' });
    const { gain, errorRate } = gains[basis];
    yield {
      system: `${basis}, closed form`,
      rate: announced(gain),
      accuracy: error(errorRate),
      latency: none,
    };
    const counts = simulateMdi(link, both, { basis, trials }, rng.fork(basis));
    yield {
      system: basis,
      rate: { ...announced(counts.announced / trials), ci95: wilsonInterval(counts.announced, trials) },
      accuracy: {
        ...error(counts.errors / counts.announced),
        ci95: wilsonInterval(counts.errors, counts.announced),
      },
      latency: none,
    };
  }
}

function* pass(maxElevationDeg: number): Generator<NewRow> {
  const stepSec = 1;
  const points = passPoints(satellitePass({ maxElevationDeg }), downlink, stepSec);
  const total = passKey(points, { config: fromSatellite, stepSec, inefficiency, security });
  const lengthSec = points.length * stepSec;
  yield {
    system: 'whole pass',
    rate: { value: total.secretBits, unit: 'bit', metric: 'secret key of a pass, one finite block' },
    accuracy: qber(total.errorRate),
    latency: { value: lengthSec, unit: 's', metric: 'length of the pass' },
  };
  for (const { timeSec, lossDb } of points.filter((_, k) => k % 10 === 0)) {
    const seen = { ...fromSatellite, transmissivity: transmissivity(lossDb) };
    yield {
      system: `up to ${maxElevationDeg}°`,
      rate: {
        value: bb84Rate(seen, inefficiency) * seen.source.pulseRateHz,
        unit: 'bit/s',
        metric: 'secret key at a moment',
      },
      accuracy: { value: lossDb, unit: 'dB', metric: 'loss of the downlink' },
      latency: { value: lengthSec, unit: 's', metric: 'length of the pass' },
      params: { timeSec },
    };
  }
}
