import { mean, standardError } from 'semwave/math';
import type { Row } from 'semwave/pipeline';
import { curve, type Figure, networkDrawing } from 'semwave/report';
import { chainName, formulaName } from './routers-chain.js';
import { distributions, memoriesOf } from './routers-network.js';

/** Published gains of memories by load, per cent: Wu et al., Quantum Science and Technology 6, 045027 (2021), abstract. */
const published = { capacity: 69.1, throughput: 6.8 };
const [equal, byLoad] = distributions;
const chains = [1, 2, 4];

/** The figures of `quantum/routers`. */
export function routerFigures(rows: readonly Row[], { memories }: { memories: number }): Figure[] {
  const network = rows.filter(({ params }) => params.untilSec !== undefined);
  const chain = rows.filter(({ params }) => params.lengthKm !== undefined);
  const links = rows.filter(({ params }) => params.link !== undefined);
  return [
    ...(network.length > 0 ? [servedOver(network), pairsOver(network), gains(network)] : []),
    ...(links.length > 0 ? [drawing(links, memories)] : []),
    ...(chain.length > 0 ? [fidelityOver(chain), rateOver(chain), violationOver(chain)] : []),
  ];
}

const overTime = { x: 'untilSec', xTitle: 'simulated time (s)', systems: distributions } as const;

function servedOver(rows: readonly Row[]): Figure {
  return curve(
    overReplicates(rows, 'count', ({ params }) => Number(params.served)),
    {
      ...overTime,
      name: 'served-requests',
      title: 'Capacity: requests served',
      caption:
        'Requests that were accepted and whose time was over, of nine nodes that ask without end for 10 to 24 memories at the ' +
        'ends and twice that at each station between. Both networks have the same memories in total. Mean over runs with ' +
        'independent requests and its 95 % interval.',
      y: 'rate',
      yTitle: 'requests served (count)',
    },
  );
}

function pairsOver(rows: readonly Row[]): Figure {
  return curve(
    overReplicates(rows, 'pairs/s', ({ rate }) => rate.value),
    {
      ...overTime,
      name: 'delivered-pairs',
      title: 'Throughput: pairs delivered',
      caption:
        'Pairs a second of all requests together, each at or above the fidelity that its request asked for, from the start of ' +
        'the simulation on. Neighbours with good links make most of them. Mean over runs and its 95 % interval.',
      y: 'rate',
      yTitle: 'pairs delivered (1/s)',
    },
  );
}

const simulated = 'simulated';
const paper = 'published';

function gains(rows: readonly Row[]): Figure {
  const { capacity, throughput } = published;
  const panels = [
    ...gainOf(rows, 'requests served', capacity, ({ params }) => Number(params.served)),
    ...gainOf(rows, 'pairs delivered', throughput, ({ rate }) => rate.value),
    ...gainOf(rows, 'pairs of a request', throughput, ({ params }) => Number(params.pairsPerSecPerRequest)),
  ];
  return curve(panels, {
    name: 'gains',
    title: 'What memories by load gain',
    caption:
      'Change against equal memories: requests served, pairs a second of all requests, and pairs a second of a served request ' +
      'in its own time. Ratios of means over runs, with 95 % intervals of the paired runs (delta method). Dashed: gain of ' +
      `capacity (${capacity} %) and of throughput (${throughput} %) as the paper's abstract has them, which leaves open which ` +
      'throughput it means. The script that ships with SeQUeNCe credits some clicks to several pairs of memories; no herald ' +
      'does here.',
    x: 'untilSec',
    y: 'rate',
    facet: 'gain',
    xTitle: 'simulated time (s)',
    yTitle: 'gain (%)',
    systems: [simulated, paper],
    bounds: [paper],
  });
}

type Quantity = (row: Row) => number;

function groupBy(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return groups;
}

/** Means over the replicates, a row for each system and time. */
function overReplicates(rows: readonly Row[], unit: string, of: Quantity): Row[] {
  const groups = groupBy(rows, ({ system, params }) => `${system} ${params.untilSec}`);
  return [...groups.values()].map((group) => {
    const values = group.map(of);
    const [centre, half] = [mean(values), 1.96 * standardError(values)];
    const ci95: [number, number] = [centre - half, centre + half];
    return { ...at(group[0]!), rate: { value: centre, unit, ci95 } };
  });
}

/** The ratio of two means of paired runs, less one, per cent; beside the published value. */
function gainOf(rows: readonly Row[], gain: string, value: number, of: Quantity): Row[] {
  const times = groupBy(rows, ({ params }) => String(params.untilSec));
  return [...times.values()].flatMap((group) => {
    const [before, after] = [valuesOf(group, equal, of), valuesOf(group, byLoad, of)];
    const ratio = mean(after) / mean(before);
    const residuals = after.map((one, place) => (one - ratio * before[place]!) / mean(before));
    const half = 196 * standardError(residuals);
    const [centre, params] = [100 * (ratio - 1), { untilSec: group[0]!.params.untilSec!, gain }];
    const ci95: [number, number] = [centre - half, centre + half];
    return [
      { ...group[0]!, system: simulated, params, rate: { value: centre, unit: '%', ci95 } },
      { ...group[0]!, system: paper, params, rate: { value, unit: '%' } },
    ];
  });
}

function valuesOf(rows: readonly Row[], system: string, of: Quantity): number[] {
  const own = rows.filter((row) => row.system === system);
  return own.sort((a, b) => Number(a.params.replicate) - Number(b.params.replicate)).map(of);
}

/** A row with its time as its only knob. */
const at = (row: Row): Row => ({ ...row, params: { untilSec: row.params.untilSec! } });

/** A sketch, with the lake to the right. */
const places: Readonly<Record<string, readonly [x: number, y: number]>> = {
  NU: [10, 12],
  StarLight: [10, 7],
  UChicago_PME: [15, 1],
  UChicago_HC: [15, -4],
  Fermilab_1: [-4, 7],
  Fermilab_2: [-4, 12],
  Argonne_1: [2, 1],
  Argonne_2: [-4, -3],
  Argonne_3: [4, -5],
};

function drawing(rows: readonly Row[], memories: number): Figure {
  const own = rows.filter(({ system }) => system === byLoad);
  const [before, after] = [memoriesOf(equal, memories), memoriesOf(byLoad, memories)];
  return networkDrawing({
    name: 'network',
    title: 'The nine routers and where their memories go',
    caption:
      'Memories of each router, equal and by expected load, and the pairs of memories that requests have on each link on ' +
      'average once memories lie by load. StarLight and Argonne_1 pass on what others ask for.',
    nodes: [...after].map(([name, count]) => {
      const [x, y] = places[name]!;
      return { name, label: `${name} ${before.get(name)} → ${count}`, x, y };
    }),
    edges: [...groupBy(own, ({ params }) => String(params.link))].map(([link, group]) => {
      const [from, to] = link.split(' - ') as [string, string];
      return { from, to, value: mean(group.map(({ rate }) => rate.value)) };
    }),
    edgeQuantity: 'memory pairs in use',
    edgeUnit: 'mean',
  });
}

const theory = Object.fromEntries(chains.map((links) => [formulaName(links), chainName(links)]));
const overLength = {
  x: 'lengthKm',
  xTitle: 'length of the chain (km)',
  systems: [...chains.map(chainName), ...Object.keys(theory)],
} as const;
const hardware =
  'Chains with the hardware of the nine routers, ten memories towards each neighbour, no purification. ';

/** Rows with their length as the only knob, and an accuracy of choice. */
const byLength = (rows: readonly Row[], accuracy?: (row: Row) => Row['accuracy']): Row[] =>
  rows.map((row) => ({
    ...row,
    params: { lengthKm: row.params.lengthKm! },
    accuracy: accuracy ? accuracy(row) : row.accuracy,
  }));

function fidelityOver(rows: readonly Row[]): Figure {
  return curve(byLength(rows), {
    ...overLength,
    theory,
    name: 'fidelity-over-length',
    title: 'Fidelity by distance',
    caption:
      `${hardware}Every swap costs, so one link has the best pairs; pairs that wait for their neighbours and for messages ` +
      'lose what lies between the points and the dashed lines, the fidelity were nothing ever to wait. 95 % intervals.',
    y: 'accuracy',
    yTitle: 'mean fidelity of delivered pairs (ratio)',
  });
}

function rateOver(rows: readonly Row[]): Figure {
  const systems = chains.map(chainName);
  return curve(byLength(rows), {
    ...overLength,
    systems,
    name: 'rate-over-length',
    title: 'Pairs by distance',
    caption:
      `${hardware}Swaps work in 64 % of the cases, which costs short chains more than it gains them; one link falls by the loss ` +
      'of its whole fibre. 95 % intervals; lengths with fewer than 100 pairs are left out.',
    y: 'rate',
    yTitle: 'pairs delivered (1/s)',
    logY: true,
    where: ({ system }) => systems.includes(system),
  });
}

function violationOver(rows: readonly Row[]): Figure {
  const bound = 'classical bound';
  const s = ({ params, accuracy }: Row): Row['accuracy'] => {
    const value = Number(params.s);
    const half = 1.96 * Number(params.sError ?? 0);
    const interval =
      params.sError === undefined ? {} : { ci95: [value - half, value + half] as [number, number] };
    return { ...accuracy, value, ...interval };
  };
  const drawn = byLength(
    rows.map(({ accuracy: { ci95: _, ...accuracy }, ...row }) => ({ ...row, accuracy })),
    s,
  );
  const limit = drawn
    .filter(({ system }) => system === formulaName(1))
    .map((row): Row => ({ ...row, system: bound, accuracy: { ...row.accuracy, value: 2 } }));
  return curve([...drawn, ...limit], {
    ...overLength,
    systems: [...overLength.systems, bound],
    bounds: [bound],
    theory,
    name: 'chsh-over-length',
    title: 'Bell violation by distance',
    caption:
      `${hardware}CHSH played with every delivered pair: S with its 95 % interval, the value if no pair had to wait (dashed), ` +
      'and the most that two parties without entanglement reach.',
    y: 'accuracy',
    yTitle: 'CHSH value S (ratio)',
  });
}
