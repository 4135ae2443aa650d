import type { Topology, TopologyInput } from './topology.js';
import { topology } from './topology.js';

const ROUTERS = [
  'NU',
  'StarLight',
  'UChicago_PME',
  'UChicago_HC',
  'Fermilab_1',
  'Fermilab_2',
  'Argonne_1',
  'Argonne_2',
  'Argonne_3',
] as const;

const LINKS_KM: readonly (readonly [string, string, number])[] = [
  ['NU', 'StarLight', 20],
  ['StarLight', 'UChicago_PME', 16],
  ['UChicago_PME', 'UChicago_HC', 2],
  ['StarLight', 'Fermilab_1', 66],
  ['StarLight', 'Argonne_1', 54],
  ['UChicago_PME', 'Argonne_1', 42],
  ['Fermilab_1', 'Fermilab_2', 2],
  ['Fermilab_1', 'Argonne_1', 53],
  ['Argonne_1', 'Argonne_2', 41.8],
  ['Argonne_1', 'Argonne_3', 0.1],
];

/** One-way delays of messages in ms: a row for each router but the last, to the routers after it in `ROUTERS`. */
const MESSAGES_MS: readonly (readonly number[])[] = [
  [0.3975, 2.6475, 2.8975, 1.455, 1.705, 0.985, 1.235, 1.235],
  [1.5725, 1.8225, 1.3425, 1.5925, 0.8825, 1.1325, 1.1325],
  [0.25, 1.945, 2.195, 2.035, 2.285, 2.285],
  [2.195, 2.445, 2.285, 2.535, 2.535],
  [0.25, 1.3175, 1.5675, 1.5675],
  [1.5675, 1.8175, 1.8175],
  [0.25, 0.25],
  [0.25],
];

/** Hardware of the network; what is left out is as in `starlight`. */
export interface StarlightOptions {
  /** Memories of each router by its name; 50 where none is given. */
  memories?: ReadonlyMap<string, number>;
  /** What all routers have in common. */
  router?: Omit<TopologyInput['nodes'][number], 'name' | 'memories'>;
  /** What all links have in common. */
  link?: Partial<Omit<TopologyInput['links'][number], 'nodes' | 'lengthKm'>>;
  /** Messages take the time of light along the fibres instead of that measured on the campus networks. */
  messages?: 'measured' | 'light';
}

/** Memories as SeQUeNCe's experiment has them: 2 kHz, efficiency 0.75, raw fidelity 0.93494, coherence time 1.3 s. */
const MEMORY = { rateHz: 2000, efficiency: 0.75, rawFidelity: 0.9349367588934053, t2Sec: 1.3 };

/** Its detectors: efficiency 0.8, 50 million counts a second, 100 ps. */
const STATION = { detector: { efficiency: 0.8, deadTimeSec: 2e-8, timeResolutionSec: 1e-10 } };

/**
 * The nine routers around Chicago of SeQUeNCe's network experiment (Wu et al., Quantum Science and Technology 6, 045027,
 * 2021): lengths and message delays as in its `starlight.json`, memories, detectors and a swap success of 0.64 as in its
 * script, at 0.2 dB/km. Its factor of 0.99 on the fidelity of a swap is `swapFidelity` here, its lifetime of 1.3 s is T2.
 * Photons come in slots of 100 ns, so that no herald is credited to two pairs of memories.
 * @throws InputError for options out of range, as `topology`.
 */
export function starlight(options: StarlightOptions = {}): Topology {
  const { memories = new Map<string, number>(), router = {}, link = {}, messages = 'measured' } = options;
  return topology({
    name: 'StarLight',
    nodes: ROUTERS.map((name) => ({
      swapSuccessProbability: 0.64,
      swapFidelity: 0.99,
      ...router,
      memory: { ...MEMORY, ...router.memory },
      name,
      memories: memories.get(name) ?? 50,
    })),
    links: LINKS_KM.map(([a, b, lengthKm]) => ({
      scheme: { kind: 'barrett-kok', station: STATION },
      ...link,
      nodes: [a, b],
      lengthKm,
    })),
    classical: messages === 'light' ? [] : MESSAGES_MS.flatMap(delaysFrom),
  });
}

function delaysFrom(row: readonly number[], from: number): { nodes: [string, string]; delaySec: number }[] {
  return row.map((ms, place) => ({
    nodes: [ROUTERS[from]!, ROUTERS[from + 1 + place]!],
    delaySec: ms / 1000,
  }));
}
