import { Rng } from '../../math/index.js';
import { pairSourceSchema } from '../hardware/source.js';
import { type ParameterWalk, under, walkParameters } from '../hardware/testing.js';
import { fadingTransmissivity, freeSpace, freeSpaceSchema, meanLoss } from './link.js';
import { passPoints, passSchema, satellitePass } from './satellite.js';
import { countBases, swapExperiment, swapExperimentSchema } from './swap-experiment.js';

const path = { distanceMeters: 143_000 };
const spaceOn = { pointingJitterRad: 1e-6, extinctionDbPerKm: 0.05 };
const spaceChanges = {
  wavelengthMeters: 1.55e-6,
  waistMeters: 0.08,
  apertureMeters: 0.5,
  pointingJitterRad: 3e-6,
  turbulentSpreadRad: 1e-5,
  opticsLossDb: 3,
  extinctionDbPerKm: 0.1,
};

/** Mean loss, and how the transmissivity fluctuates. */
function fading(config: object): unknown {
  const link = freeSpace(config);
  const draw = fadingTransmissivity(link, path);
  const rng = Rng.of('walk');
  return [meanLoss(link, path), Array.from({ length: 50 }, () => draw(rng))];
}

const spaceWalk = (turbulence: { kind: string; [key: string]: unknown }, changes: object): ParameterWalk => ({
  name: `free space, turbulence ${turbulence.kind}`,
  schema: freeSpaceSchema,
  base: { ...spaceOn, turbulence },
  changes: { ...spaceChanges, ...under('turbulence', changes) },
  simulate: fading,
});

const sourceOn = { meanPairNumber: 0.02 };
const sourceChanges = { pulseRateHz: 1e8, meanPairNumber: 0.05, fidelity: 0.9 };
const counts = (config: object) => countBases(swapExperiment(config), 1e5, Rng.of('walk'));

walkParameters([
  spaceWalk({ kind: 'none' }, {}),
  spaceWalk({ kind: 'log-normal', logAmplitudeStd: 0.2 }, { logAmplitudeStd: 0.5 }),
  spaceWalk({ kind: 'gamma-gamma', rytovVariance: 1 }, { rytovVariance: 3 }),
  {
    name: 'satellite pass',
    schema: passSchema,
    base: {},
    changes: { altitudeMeters: 6e5, maxElevationDeg: 50, minElevationDeg: 20, zenithExtinctionDb: 1 },
    simulate: (config) => passPoints(satellitePass(config), freeSpace(spaceOn), 10),
  },
  {
    name: 'pair source',
    schema: pairSourceSchema,
    base: sourceOn,
    changes: sourceChanges,
    simulate: (source) => counts({ source }),
  },
  {
    name: 'swapping experiment',
    schema: swapExperimentSchema,
    base: { source: sourceOn },
    changes: {
      ...under('source', sourceChanges),
      overlap: 0.5,
      localEfficiency: 0.3,
      channelLossDb: 25,
      remoteEfficiency: 0.6,
      remoteDarkCountRateHz: 2000,
      coincidenceWindowSec: 1e-7,
    },
    simulate: counts,
  },
]);
