import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { Rng } from '../../math/index.js';
import { createKernel } from '../des/kernel.js';
import * as quantum from '../index.js';
import { entanglementLink, keepGenerating, linkModel, linkSchema, pairStateAt } from '../link/index.js';
import { detectorSchema } from './detector.js';
import { classicalChannelSchema, fibreSchema } from './fibre.js';
import { memorySchema } from './memory.js';
import { pulsedSourceSchema } from './source.js';
import { stationSchema } from './station.js';
import { changed, type ParameterWalk, parametersOf } from './testing.js';

/** What comes of a link whose pairs are held for 5 ms: when, how many, in what state; with its closed form. */
function runOfLink(config: object, mode: 'attempts' | 'skip-ahead'): unknown {
  const kernel = createKernel();
  const link = entanglementLink(kernel, quantum.link(config as quantum.LinkInput), Rng.of('walk'), { mode });
  const outcome = { times: [] as number[], fidelity: 0, expired: 0 };
  keepGenerating(kernel, link, 20, {
    onPair(pair) {
      outcome.times.push(kernel.nowPs);
      kernel.after(5e9, () => {
        outcome.fidelity += pairStateAt(pair, link.model, Math.min(kernel.nowPs, pair.expiresPs)).phiPlus;
        pair.release();
      });
    },
    onExpired: () => outcome.expired++,
  });
  kernel.run(3e10);
  return outcome;
}

const detectorOn = { darkCountRateHz: 2e5, deadTimeSec: 1e-7, jitterSec: 4e-11 };
const stationOn = { detector: detectorOn, overlap: 0.9, windowSec: 3e-10 };
const memoryOn = { t1Sec: 0.02, t2Sec: 0.01, cutoffSec: 0.02, rawFidelity: 0.98 };
const arm = { memory: memoryOn, fibre: { lengthKm: 2 }, classical: { lengthKm: 2 } };
const linkOn = (scheme: object) => ({ scheme, left: arm, right: arm, slotSec: 5e-8, localSec: 1e-6 });

const detectorChanges = {
  efficiency: 0.5,
  darkCountRateHz: 1e7,
  deadTimeSec: 1e-5,
  timeResolutionSec: 3e-11,
  jitterSec: 1e-10,
};
const stationChanges = { ...under('detector', detectorChanges), overlap: 0.5, windowSec: 1e-10 };
const memoryChanges = {
  efficiency: 0.6,
  rawFidelity: 0.9,
  rateHz: 1000,
  t1Sec: 0.007,
  t2Sec: 0.002,
  cutoffSec: 0.004,
};
const fibreChanges = { lengthKm: 3, attenuationDbPerKm: 1, speedKmPerSec: 1e5 };
const classicalChanges = { lengthKm: 200, speedKmPerSec: 1e3, overheadSec: 1e-3 };
const armChanges = {
  ...under('memory', memoryChanges),
  ...under('fibre', fibreChanges),
  ...under('classical', classicalChanges),
};
const linkChanges = {
  ...under('left', armChanges),
  ...under('right', armChanges),
  slotSec: 1e-6,
  localSec: 1e-3,
  negotiation: 'round',
};

const sourceOn = { meanPhotonNumber: 0.6, pulseWidthSec: 1e-10 };
const sourceChanges = {
  pulseRateHz: 1e8,
  meanPhotonNumber: 0.3,
  polarizationFidelity: 0.8,
  pulseWidthSec: 1e-9,
};

const barrettKok = { kind: 'barrett-kok', station: stationOn };
const ofLink = (build: (config: object) => object) => (config: object) =>
  runOfLink(build(config), 'attempts');
const linkWalk = (scheme: Record<string, unknown> & { kind: string }, changes: object): ParameterWalk => ({
  name: `link, ${scheme.kind}`,
  schema: linkSchema,
  base: linkOn(scheme),
  changes: { ...linkChanges, ...under('scheme', changes) },
  simulate: (config) => runOfLink(config, 'attempts'),
});

const pairChanges = { pulseRateHz: 7e7, meanPairNumber: 0.02, fidelity: 0.9 };

/** The whole swapping experiment, or a part of it that stands in its field `part`. */
function swapWalk(schema: z.ZodType, part: string, changes: Record<string, unknown>): ParameterWalk {
  const base = { channelLossDb: 20, remoteDarkCountRateHz: 2e5 };
  return {
    name: `swapping experiment ${part}`,
    schema,
    base: part === '' ? base : {},
    changes,
    simulate: (config) =>
      quantum.countBases(
        quantum.swapExperiment(part === '' ? config : { ...base, [part]: config }),
        10_000,
        Rng.of('walk'),
      ),
  };
}

/** Builders of hardware add theirs here. */
const walks: ParameterWalk[] = [
  {
    name: 'fibre',
    schema: fibreSchema,
    base: arm.fibre,
    changes: fibreChanges,
    simulate: ofLink((fibre) => ({ ...linkOn(barrettKok), left: { ...arm, fibre } })),
  },
  {
    name: 'classical channel',
    schema: classicalChannelSchema,
    base: arm.classical,
    changes: classicalChanges,
    simulate: ofLink((classical) => ({ ...linkOn(barrettKok), left: { ...arm, classical } })),
  },
  {
    name: 'memory',
    schema: memorySchema,
    base: memoryOn,
    changes: memoryChanges,
    simulate: ofLink((memory) => ({ ...linkOn(barrettKok), left: { ...arm, memory } })),
  },
  {
    name: 'station',
    schema: stationSchema,
    base: stationOn,
    changes: stationChanges,
    simulate: ofLink((station) => linkOn({ ...barrettKok, station })),
  },
  {
    name: 'detector at a station',
    schema: detectorSchema,
    base: detectorOn,
    changes: detectorChanges,
    simulate: ofLink((detector) => linkOn({ ...barrettKok, station: { ...stationOn, detector } })),
  },
  linkWalk(barrettKok, under('station', stationChanges)),
  linkWalk({ ...barrettKok, kind: 'two-photon' }, under('station', stationChanges)),
  linkWalk(
    { ...barrettKok, kind: 'single-click', brightPopulation: 0.2, phaseRad: 0.3 },
    { ...under('station', stationChanges), brightPopulation: 0.1, phaseRad: 1 },
  ),
  linkWalk({ kind: 'sender-receiver' }, {}),
  {
    name: 'pulsed source',
    schema: pulsedSourceSchema,
    base: sourceOn,
    changes: sourceChanges,
    simulate: (source) => keyBlock({ source, gateSec: 1e-9 }),
  },
  {
    name: 'BB84',
    schema: quantum.bb84Schema,
    base: { source: sourceOn, detector: detectorOn, gateSec: 1e-9, transmissivity: 0.5 },
    changes: {
      ...under('source', sourceChanges),
      ...under('detector', detectorChanges),
      transmissivity: 0.4,
      delaySec: 1e-3,
      decoys: [
        { meanPhotonNumber: 0.05, probability: 0.3 },
        { meanPhotonNumber: 0, probability: 0.1 },
      ],
      keyBasisProbability: 0.9,
      gateSec: 1e-8,
      sharedDeadTime: true,
    },
    simulate: (config) => keyBlock(config),
  },
  {
    name: 'memory relay',
    schema: quantum.memoryRelaySchema,
    base: { errorFirst: 0.05, errorSecond: 0.05, resetSec: 1e-6 },
    changes: {
      slots: 60,
      photonsPerSlot: 0.03,
      heraldEfficiency: 0.6,
      slotSec: 1e-5,
      t2Sec: 1e-4,
      resetSec: 1e-3,
      errorFirst: 0.2,
      errorSecond: 0.2,
      sifting: 0.8,
    },
    simulate(config) {
      const relay = quantum.memoryRelay(config);
      return [quantum.memoryRates(relay).secretPerSec, quantum.simulateMemory(relay, 2000, Rng.of('walk'))];
    },
  },
  {
    name: 'free space',
    schema: quantum.freeSpaceSchema,
    base: { turbulence: { kind: 'log-normal', logAmplitudeStd: 0.2 } },
    changes: {
      wavelengthMeters: 1.55e-6,
      waistMeters: 0.1,
      apertureMeters: 0.5,
      pointingJitterRad: 1e-6,
      turbulentSpreadRad: 1e-6,
      opticsLossDb: 1,
      extinctionDbPerKm: 0.1,
      'turbulence.logAmplitudeStd': 0.3,
    },
    simulate: (config) =>
      quantum.fadingTransmissivity(quantum.freeSpace(config), { distanceMeters: 1e5 })(Rng.of('walk')),
  },
  {
    name: 'satellite pass',
    schema: quantum.passSchema,
    base: {},
    changes: { altitudeMeters: 6e5, maxElevationDeg: 60, minElevationDeg: 20, zenithExtinctionDb: 1 },
    simulate: (config) => quantum.passPoints(quantum.satellitePass(config), quantum.freeSpace(), 10),
  },
  swapWalk(quantum.swapExperimentSchema, '', {
    ...under('source', pairChanges),
    overlap: 0.8,
    localEfficiency: 0.3,
    channelLossDb: 21,
    remoteEfficiency: 0.3,
    remoteDarkCountRateHz: 3e5,
    coincidenceWindowSec: 1e-9,
  }),
  swapWalk(quantum.pairSourceSchema, 'source', pairChanges),
];

const decoys = [
  { meanPhotonNumber: 0.1, probability: 0.2 },
  { meanPhotonNumber: 0, probability: 0.1 },
];

/** Counts of the optics, and the length and latency of the key. */
function keyBlock(config: quantum.Bb84Input): unknown {
  const parsed = quantum.bb84({ decoys, ...config });
  const { bits, ...block } = quantum.bb84Link({ config: parsed, blockPulses: 50_000 }).block(Rng.of('walk'));
  const { sifted, ...counts } = quantum.simulateBb84(parsed, 50_000, Rng.of('walk'));
  return { ...block, ...counts, bits: bits.join(''), alice: sifted.alice.join(''), bob: sifted.bob.join('') };
}

function under(prefix: string, changes: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(changes).map(([path, value]) => [`${prefix}.${path}`, value]));
}

describe.each(walks)('$name', ({ schema, base, changes, simulate }) => {
  const paths = parametersOf(schema, base);

  it('has a change for every parameter', () => {
    expect(Object.keys(changes).sort()).toEqual([...paths].sort());
  });

  it('gives another result when any parameter changes', () => {
    const before = JSON.stringify(simulate(base));
    expect(JSON.stringify(simulate(base))).toBe(before);
    const silent = paths.filter(
      (path) => JSON.stringify(simulate(changed(base, path, changes[path]))) === before,
    );
    expect(silent).toEqual([]);
  });

  it('refuses a parameter it does not know', () => {
    const result = schema.safeParse({ ...base, efficency: 0.5 });
    expect(result.success).toBe(false);
    expect(result.error!.issues[0]!.message).toContain('efficency');
  });
});

describe('the closed form of a link', () => {
  // Dead time is what simulated attempts alone know of.
  const simulatedOnly = /deadTimeSec$/;

  it.each(walks.filter(({ name }) => name.startsWith('link')))(
    'changes too: $name',
    ({ schema, base, changes }) => {
      const of = (config: object) => JSON.stringify(linkModel(quantum.link(config as quantum.LinkInput)));
      const before = of(base);
      const paths = parametersOf(schema, base).filter((path) => !simulatedOnly.test(path));
      expect(paths.filter((path) => of(changed(base, path, changes[path])) === before)).toEqual([]);
    },
  );
});

describe('the registry', () => {
  it('has every schema that the family exports', () => {
    const known = new Set(walks.map(({ schema }) => schema));
    const exported = Object.entries(quantum).filter(([name]) => name.endsWith('Schema')) as [
      string,
      z.ZodType,
    ][];
    const missing = exported.filter(([, schema]) => !known.has(schema));
    expect(missing.map(([name]) => name)).toEqual([]);
  });
});
