import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { createKernel } from '../des/kernel.js';
import { detectorSchema } from '../hardware/detector.js';
import { classicalChannelSchema, fibreSchema } from '../hardware/fibre.js';
import { memorySchema } from '../hardware/memory.js';
import { stationSchema } from '../hardware/station.js';
import {
  changed,
  detectorChanges,
  detectorOn,
  type ParameterWalk,
  parametersOf,
  under,
  walkParameters,
} from '../hardware/testing.js';
import {
  entanglementLink,
  keepGenerating,
  type LinkInput,
  link as linkFrom,
  linkModel,
  linkSchema,
  pairStateAt,
} from './index.js';

/** What comes of a link whose pairs are held for 5 ms: when, how many, in what state; with its closed form. */
function runOfLink(config: object): unknown {
  const kernel = createKernel();
  const link = entanglementLink(kernel, linkFrom(config as LinkInput), Rng.of('walk'));
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

const stationOn = { detector: detectorOn, overlap: 0.9, windowSec: 3e-10 };
const memoryOn = { t1Sec: 0.02, t2Sec: 0.01, cutoffSec: 0.02, rawFidelity: 0.98 };
const arm = { memory: memoryOn, fibre: { lengthKm: 2 }, classical: { lengthKm: 2 } };
const linkOn = (scheme: object) => ({ scheme, left: arm, right: arm, slotSec: 5e-8, localSec: 1e-6 });

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

const barrettKok = { kind: 'barrett-kok', station: stationOn };
const ofLink = (build: (config: object) => object) => (config: object) => runOfLink(build(config));
const linkWalk = (scheme: Record<string, unknown> & { kind: string }, changes: object): ParameterWalk => ({
  name: `link, ${scheme.kind}`,
  schema: linkSchema,
  base: linkOn(scheme),
  changes: { ...linkChanges, ...under('scheme', changes) },
  simulate: (config) => runOfLink(config),
});

/** Links and what they are built of. */
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
];

walkParameters(walks);

describe('the closed form of a link', () => {
  // Dead time is what simulated attempts alone know of.
  const simulatedOnly = /deadTimeSec$/;

  it.each(walks.filter(({ schema }) => schema === linkSchema))(
    'changes too: $name',
    ({ schema, base, changes }) => {
      const of = (config: object) => JSON.stringify(linkModel(linkFrom(config as LinkInput)));
      const before = of(base);
      const paths = parametersOf(schema, base).filter((path) => !simulatedOnly.test(path));
      expect(paths.filter((path) => of(changed(base, path, changes[path])) === before)).toEqual([]);
    },
  );
});
