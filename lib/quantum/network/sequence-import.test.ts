import { expect, it } from 'vitest';
import { importSequence } from './sequence-import.js';

const router = (name: string, more: object = {}) => ({
  name,
  type: 'QuantumRouter',
  seed: 0,
  memo_size: 20,
  ...more,
});
const midpoint = {
  is_parallel: false,
  stop_time: 1e12,
  nodes: [router('a'), router('b')],
  qconnections: [
    { node1: 'a', node2: 'b', attenuation: 0.0002, distance: 20000, type: 'meet_in_the_middle' },
  ],
  cconnections: [{ node1: 'a', node2: 'b', delay: 250000000 }],
};
const explicit = {
  is_parallel: false,
  nodes: [router('a'), router('b'), { name: 'station', type: 'BSMNode', seed: 1, template: 'bsm' }],
  qchannels: [
    { source: 'a', destination: 'station', distance: 2500, attenuation: 0.0002 },
    { source: 'b', destination: 'station', distance: 7500, attenuation: 0.0002 },
  ],
  cchannels: [
    { source: 'a', destination: 'station', delay: 0 },
    { source: 'a', destination: 'b', delay: 1e9 },
    { source: 'b', destination: 'a', delay: 3e9 },
  ],
  templates: {
    bsm: {
      SingleAtomBSM: {
        detectors: [
          { efficiency: 0.8, count_rate: 5e7, time_resolution: 100 },
          { efficiency: 0.8, count_rate: 5e7, time_resolution: 100 },
        ],
      },
    },
    router: {
      MemoryArray: { fidelity: 0.95, efficiency: 0.6, frequency: 2000, coherence_time: 2, wavelength: 1550 },
      EntanglementSwapping: { swapping_success_prob: 0.64, swapping_degradation: 0.99 },
    },
  },
};
const refused = (file: object): string => {
  try {
    importSequence(file, 'x.json');
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('accepted');
};

it('turns metres, dB/m and picoseconds into km, dB/km and seconds', () => {
  const { topology, notes } = importSequence(midpoint);
  expect(topology.links[0]).toMatchObject({ nodes: ['a', 'b'], lengthKm: 20, negotiation: 'round' });
  expect(topology.links[0]!.attenuationDbPerKm).toBeCloseTo(0.2, 12);
  expect(topology.classical).toEqual([{ nodes: ['a', 'b'], delaySec: 2.5e-4 }]);
  expect(topology.nodes[0]).toMatchObject({ memories: 20, swapSuccessProbability: 1, swapFidelity: 0.95 });
  expect(topology.nodes[0]!.memory).toMatchObject({ efficiency: 1, rawFidelity: 0.85, rateHz: 80e6 });
  expect(notes).toEqual([
    'seeds: random streams follow from names',
    'stop_time: the run says how long it is',
  ]);
});

it('joins two channels at a BSM node to one link, with its station where it stands', () => {
  const nodes = explicit.nodes.map((node) =>
    node.type === 'BSMNode' ? node : { ...node, template: 'router' },
  );
  const { topology, notes } = importSequence({ ...explicit, nodes });
  expect(topology.nodes.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(topology.links[0]).toMatchObject({
    lengthKm: 10,
    stationAtKm: 2.5,
    scheme: {
      kind: 'barrett-kok',
      station: { detector: { efficiency: 0.8, deadTimeSec: 2e-8, timeResolutionSec: 1e-10 } },
    },
  });
  expect(topology.nodes[1]).toMatchObject({
    swapSuccessProbability: 0.64,
    swapFidelity: 0.99,
    memory: { efficiency: 0.6, rawFidelity: 0.95, rateHz: 2000, cutoffSec: 2 },
  });
  expect(topology.classical).toEqual([{ nodes: ['a', 'b'], delaySec: 2e-3 }]);
  expect(notes).toContain('messages a - b: mean of two delays');
  expect(notes).toContain('template router: wavelength has no part here');
});

it('reads the single-heralded encoding as what it is', () => {
  const templates = { ...explicit.templates, bsm: { encoding_type: 'single_heralded' } };
  expect(importSequence({ ...explicit, templates }).topology.links[0]!.scheme.kind).toBe('two-photon');
});

it.each([
  ['an unknown key', { ...midpoint, cchannels_table: {} }, 'x.json: Unrecognized key: "cchannels_table"'],
  [
    'another kind of link',
    { ...midpoint, qconnections: [{ ...midpoint.qconnections[0], type: 'direct' }] },
    'qconnections.0.type',
  ],
  [
    'an unknown template',
    { ...midpoint, nodes: [router('a', { template: 'x' }), router('b')] },
    'no template "x"',
  ],
  [
    'a prototype as template',
    { ...midpoint, nodes: [router('a', { template: 'constructor' }), router('b')] },
    'no template "constructor"',
  ],
  [
    'a parallel simulation',
    { ...midpoint, is_parallel: true },
    'is_parallel: Invalid input: expected false; found true',
  ],
  [
    'a BSM node with one arm',
    { ...explicit, qchannels: explicit.qchannels.slice(1) },
    'BSM node station has 1 quantum channels; allowed: 2',
  ],
  [
    'a channel from router to router',
    { ...explicit, qchannels: [{ ...explicit.qchannels[0], destination: 'b' }] },
    'quantum channel to "b"; allowed: to BSM nodes',
  ],
  [
    'a negative distance',
    { ...midpoint, qconnections: [{ ...midpoint.qconnections[0], distance: -5 }] },
    'qconnections.0.distance',
  ],
  [
    'a loop',
    { ...midpoint, qconnections: [{ ...midpoint.qconnections[0], node2: 'a' }] },
    'from a node to itself',
  ],
  [
    'detectors that differ',
    { ...explicit, templates: { bsm: { SingleAtomBSM: { detectors: [{}, { efficiency: 0.1 }] } } } },
    'two different detectors',
  ],
])('refuses %s in one line', (_, file, expected) => {
  const found = refused(file);
  expect(found).toContain(expected);
  expect(found).not.toContain('\n');
});
