import type { Rng } from 'semwave/math';
import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import {
  evenChainBound,
  evenStation,
  FIBRE_SPEED_KM_PER_SEC,
  graphOf,
  type LossyEdge,
  networkBounds,
  plobBits,
  transmissivity,
} from 'semwave/quantum';
import { boundFigures, DIRECT } from './bounds-figures.js';

/** A bound holds for perfect pairs, and for ideal hardware all that takes time is light. */
const perfect = { value: 1, unit: 'fidelity', metric: 'of the pairs that the rate counts' };
const lightDelay = (lengthKm: number) => ({
  value: lengthKm / FIBRE_SPEED_KM_PER_SEC,
  unit: 's',
  metric: 'light from end to end',
});
const bits = (value: number) => ({ value, unit: 'bit/use', metric: 'largest rate' });

export default defineExperiment({
  id: 'quantum/bounds',
  title: 'What no quantum link or network can pass',
  paper: 'Pirandola, Laurenza, Ottaviani, Banchi 2017; Pirandola 2019',
  purpose: 'largest rates over distance: direct fibre, repeater chains, one path or all paths of a network',
  params: {
    lengthKm: param.grid({
      unit: 'km',
      from: 20,
      to: 1000,
      step: 20,
      min: 1,
      max: 5000,
      about: 'fibre from end to end',
    }),
    stations: param.grid([0, 1, 3, 7, 15, 31], { about: 'evenly spaced between the ends' }),
    attenuation: param.number({ default: 0.2, min: 0.1, max: 10, unit: 'dB/km', about: 'of the fibre' }),
    networks: param.integer({ default: 200, min: 1, max: 10_000, about: 'random networks' }),
    nodes: param.integer({ default: 40, min: 4, max: 200, about: 'of a network, all of them stations' }),
    sideKm: param.number({
      default: 400,
      min: 10,
      max: 5000,
      unit: 'km',
      about: 'of the square that they stand in',
    }),
    reachKm: param.number({
      default: 100,
      min: 1,
      max: 5000,
      unit: 'km',
      about: 'within which nodes are joined',
    }),
    station: param.number({ default: 0.5, min: 0.01, max: 1, about: 'transmissivity of the lossy stations' }),
  },
  presets: {
    quick: { cost: '15 seconds on two cores', networks: 40 },
    paper: { cost: '1 minute on two cores', networks: 1000 },
  },

  points({ lengthKm, stations, networks }) {
    const chains = stations.map((n) => ({ stations: n, lengthKm: [...lengthKm] }));
    // Ten networks a point: a point is a unit of work.
    const batches = Array.from({ length: Math.ceil(networks / 10) }, (_, batch) => ({
      batch,
      networks: Math.min(10, networks - 10 * batch),
    }));
    return [...chains, ...batches];
  },

  async *measure(point, { config, rng }): AsyncGenerator<NewRow> {
    const { attenuation } = config;
    if ('stations' in point) {
      for (const lengthKm of point.lengthKm) {
        const chain = { transmissivity: transmissivity(attenuation * lengthKm), stations: point.stations };
        yield {
          system: point.stations === 0 ? DIRECT : `${point.stations} station${point.stations > 1 ? 's' : ''}`,
          rate: bits(evenChainBound(chain).bitsPerUse),
          accuracy: perfect,
          latency: lightDelay(lengthKm),
          params: { lengthKm },
        };
      }
      return;
    }
    for (let network = 0; network < point.networks; network++) {
      yield* networkRows(drawNetwork(rng.fork(network), config), network, config);
    }
  },

  figures: (rows) => boundFigures(rows),
});

interface Place {
  name: string;
  x: number;
  y: number;
}

const between = (a: Place, b: Place) => Math.hypot(a.x - b.x, a.y - b.y);

interface NetworkConfig {
  nodes: number;
  sideKm: number;
  reachKm: number;
  attenuation: number;
  station: number;
}

/** Nodes at random in a square, joined by straight fibres within reach (a random geometric graph). */
function drawNetwork(rng: Rng, { nodes, sideKm, reachKm, attenuation }: NetworkConfig) {
  const places = Array.from({ length: nodes }, (_, k) => {
    const place = rng.fork(k);
    return { name: `n${k}`, x: place.uniform(0, sideKm), y: place.uniform(0, sideKm) };
  });
  const edges: LossyEdge[] = places.flatMap((a, k) =>
    places.slice(k + 1).flatMap((b) => {
      const lengthKm = between(a, b);
      return lengthKm <= reachKm
        ? [{ ends: [a.name, b.name] as const, transmissivity: transmissivity(attenuation * lengthKm) }]
        : [];
    }),
  );
  return {
    places,
    graph: graphOf(
      places.map(({ name }) => name),
      edges,
    ),
  };
}

/** Bounds between the first node and every other one; where no path leads, the rate is 0. */
function* networkRows(
  { places, graph }: ReturnType<typeof drawNetwork>,
  network: number,
  { attenuation, station }: NetworkConfig,
): Generator<NewRow> {
  const [alice, ...others] = places;
  const lossy = new Map(places.map(({ name }) => [name, evenStation(station)]));
  for (const bob of others) {
    const lengthKm = between(alice!, bob);
    const ends = { from: alice!.name, to: bob.name };
    const ideal = networkBounds(graph, ends);
    const real = networkBounds(graph, { ...ends, stations: lossy });
    const rates = {
      'all paths': ideal.multiPath.bitsPerUse,
      'one path': ideal.singlePath.bitsPerUse,
      'all paths, lossy stations': real.multiPath.bitsPerUse,
      'one path, lossy stations': real.singlePath.bitsPerUse,
      [DIRECT]: plobBits(transmissivity(attenuation * lengthKm)),
    };
    for (const [system, value] of Object.entries(rates)) {
      yield {
        system,
        rate: bits(value),
        accuracy: perfect,
        latency: lightDelay(lengthKm),
        params: { network, bob: bob.name, distanceKm: lengthKm },
      };
    }
  }
}
