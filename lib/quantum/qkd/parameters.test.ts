import { Rng } from '../../math/index.js';
import { pulsedSourceSchema } from '../hardware/source.js';
import {
  detectorChanges,
  detectorOn,
  type ParameterWalk,
  under,
  walkParameters,
} from '../hardware/testing.js';
import { type Bb84Input, bb84, bb84Schema, simulateBb84 } from './bb84.js';
import { bb84Link } from './bb84-link.js';
import { simulateMemory } from './mdi-simulation.js';
import { memoryRates, memoryRelay, memoryRelaySchema } from './memory-mdi.js';

const sourceOn = { meanPhotonNumber: 0.6, pulseWidthSec: 1e-10 };
const sourceChanges = {
  pulseRateHz: 1e8,
  meanPhotonNumber: 0.3,
  polarizationFidelity: 0.8,
  pulseWidthSec: 1e-9,
};

const walks: ParameterWalk[] = [
  {
    name: 'pulsed source',
    schema: pulsedSourceSchema,
    base: sourceOn,
    changes: sourceChanges,
    simulate: (source) => keyBlock({ source, gateSec: 1e-9 }),
  },
  {
    name: 'BB84',
    schema: bb84Schema,
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
    schema: memoryRelaySchema,
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
      const relay = memoryRelay(config);
      return [memoryRates(relay).secretPerSec, simulateMemory(relay, 2000, Rng.of('walk'))];
    },
  },
];

const decoys = [
  { meanPhotonNumber: 0.1, probability: 0.2 },
  { meanPhotonNumber: 0, probability: 0.1 },
];

/** Counts of the optics, and the length and latency of the key. */
function keyBlock(config: Bb84Input): unknown {
  const parsed = bb84({ decoys, ...config });
  const { bits, ...block } = bb84Link({ config: parsed, blockPulses: 50_000 }).block(Rng.of('walk'));
  const { sifted, ...counts } = simulateBb84(parsed, 50_000, Rng.of('walk'));
  return { ...block, ...counts, bits: bits.join(''), alice: sifted.alice.join(''), bob: sifted.bob.join('') };
}

walkParameters(walks);
