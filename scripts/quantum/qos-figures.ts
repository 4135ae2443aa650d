import type { Row } from 'semwave/pipeline';
import {
  type Demand,
  npEdf,
  occupancyOf,
  planDemand,
  rcpspEdf,
  type Schedule,
  smallNetwork,
  surfnetLike,
  surfnetLikePlaces,
  violations,
} from 'semwave/quantum';
import { curve, type Figure, networkDrawing, timeline } from 'semwave/report';
import { schedulers } from './qos-demands.js';

const systems = Object.keys(schedulers(0));
const large = 'surfnet-like';
const pairsTitle = 'delivered pairs (1/s)';

/** The figures of `quantum/qos`. */
export function qosFigures(rows: readonly Row[], { slotMs }: { slotMs: number }): Figure[] {
  const served = rows.filter(({ params }) => params.loadPerSec !== undefined);
  const executed = rows.filter(({ params }) => params.demand !== undefined);
  const small = served.filter(({ params }) => params.network !== large);
  const surfnet = served.filter(({ params }) => params.network === large);
  return [
    ...(small.length > 0 ? [overLoad(small), overFidelity(small), jitter(small)] : []),
    ...(surfnet.length > 0 ? [overLoadLarge(surfnet)] : []),
    ...(executed.length > 0 ? [executedRate(executed), executedFidelity(executed)] : []),
    ...timelines(slotMs),
    drawing(),
  ];
}

const latencyIs = (name: string) => (row: Row) => row.params.latency === name;
const withFidelity = (fidelity: number) => (row: Row) => row.params.minFidelity === fidelity;
const intervals = '95 % intervals over sets of random demands';

function overLoad(rows: readonly Row[]): Figure {
  return curve(rows, {
    name: 'throughput-over-load',
    title: 'Pairs delivered at fidelity 0.65 or more',
    caption:
      'What small networks deliver of what users ask for: periodic scheduling (PTS) takes the network for one processor, ' +
      `RCPSP schedules each qubit, which gains nothing where one in the middle serves all (star). Demands are let in one by one as long as all deadlines are kept; ${intervals}.`,
    x: 'loadPerSec',
    y: 'rate',
    facet: 'network',
    where: (row) => latencyIs('jitter')(row) && withFidelity(0.65)(row),
    systems,
    logX: true,
    xTitle: 'pairs asked for (1/s)',
    yTitle: pairsTitle,
  });
}

function overLoadLarge(rows: readonly Row[]): Figure {
  return curve(rows, {
    name: 'throughput-over-load-surfnet-like',
    title: 'Pairs delivered in a network like that of SURF',
    caption: `21 Dutch cities, links of 11 to 105 km that herald by a single click, by the fidelity promised; ${intervals}.`,
    x: 'loadPerSec',
    y: 'rate',
    facet: 'minFidelity',
    where: latencyIs('jitter'),
    systems,
    logX: true,
    xTitle: 'pairs asked for (1/s)',
    yTitle: pairsTitle,
  });
}

function overFidelity(rows: readonly Row[]): Figure {
  const loadPerSec = Math.max(...rows.map(({ params }) => Number(params.loadPerSec)));
  return curve(rows, {
    name: 'throughput-over-fidelity',
    title: 'What fidelity costs',
    caption:
      `Pairs delivered by the fidelity promised, when users ask for ${loadPerSec} pairs a second: higher fidelity takes ` +
      `slower links and distillation. Where long paths can no longer be served, short ones take their room; ${intervals}.`,
    x: 'minFidelity',
    y: 'rate',
    facet: 'network',
    where: (row) => latencyIs('jitter')(row) && row.params.loadPerSec === loadPerSec,
    systems,
    xTitle: 'fidelity promised (ratio)',
    yTitle: pairsTitle,
  });
}

function jitter(rows: readonly Row[]): Figure {
  return curve(rows, {
    name: 'jitter-over-throughput',
    title: 'What throughput costs in jitter',
    caption:
      'Standard deviation of the time between starts of the task that has most of it, as the load grows, at fidelity 0.65 ' +
      `or more; ${intervals}.`,
    x: 'rate',
    y: 'latency',
    facet: 'network',
    where: (row) => latencyIs('jitter')(row) && withFidelity(0.65)(row),
    systems,
    xTitle: pairsTitle,
    yTitle: 'largest jitter (s)',
  });
}

const asPlanned = { theory: { plan: 'executed' }, systems: ['executed', 'plan'], x: 'demand' } as const;

function executedRate(rows: readonly Row[]): Figure {
  return curve(withoutEnds(rows), {
    ...asPlanned,
    name: 'executed-rate',
    title: 'Rates planned and drawn',
    caption:
      'Pairs that each demand of an RCPSP schedule on the H network got when every link slot and every distillation was ' +
      'drawn at random, with 95 % intervals; dashed: the plan.',
    y: 'rate',
    xTitle: 'demand, in the order let in (number)',
    yTitle: pairsTitle,
  });
}

function executedFidelity(rows: readonly Row[]): Figure {
  return curve(withoutEnds(rows), {
    ...asPlanned,
    name: 'executed-fidelity',
    title: 'Fidelities planned and drawn',
    caption:
      'Share of the delivered pairs in the wished Bell state in the same runs, with 95 % intervals; dashed: the plan, by ' +
      'Werner maps and storage loss.',
    y: 'accuracy',
    xTitle: 'demand, in the order let in (number)',
    yTitle: 'fidelity (ratio)',
  });
}

function withoutEnds(rows: readonly Row[]): Row[] {
  return rows.map((row) => ({ ...row, params: { demand: row.params.demand! } }));
}

const shown: readonly Omit<Demand, 'minFidelity'>[] = [
  { source: 'A', destination: 'B', ratePerSec: 1 },
  { source: 'C', destination: 'D', ratePerSec: 1 },
  { source: 'A', destination: 'D', ratePerSec: 0.5 },
];

/** The same three demands under both kinds of schedule, on the H network. */
function timelines(slotMs: number): Figure[] {
  const network = smallNetwork('h');
  const tasks = shown.flatMap((demand) => {
    const plan = planDemand(network, { ...demand, minFidelity: 0.65 }, { slotSec: slotMs / 1000 });
    return plan ? [plan.task] : [];
  });
  if (tasks.length === 0) return [];
  return [npEdf(tasks), rcpspEdf(tasks)].map((schedule) => timelineOf(schedule, slotMs));
}

function timelineOf(schedule: Schedule, slotMs: number): Figure {
  const { tasks, jobs, scheduler } = schedule;
  const bars = jobs.flatMap(({ task, startSlots }) =>
    occupancyOf(tasks[task]!, startSlots).map(({ resource, fromSlot, toSlot }) => ({
      row: resource,
      task: tasks[task]!.name,
      start: fromSlot * slotMs,
      end: toSlot * slotMs,
    })),
  );
  const broken = violations(schedule).length;
  const kept = broken === 0 ? 'all deadlines are kept' : `${broken} deadlines are missed`;
  return timeline({
    name: `timeline-${scheduler.toLowerCase().replace(/[^a-z]+/g, '-')}`,
    title: `A schedule of qubits: ${scheduler}`,
    caption:
      `When each qubit of the H network works (communication) or keeps half of a pair (storage) for which users, in one ` +
      `hyperperiod; ${kept}.`,
    bars,
    rows: [...new Set(bars.map(({ row }) => row))].sort(),
    tasks: tasks.map(({ name }) => name),
    unit: 'ms',
  });
}

function drawing(): Figure {
  const { nodes, links } = surfnetLike();
  const places = new Map(
    surfnetLikePlaces().map(({ name, eastKm, northKm }) => [name, { x: eastKm, y: northKm }]),
  );
  return networkDrawing({
    name: 'surfnet-like',
    title: 'A network like that of SURF',
    caption:
      '21 Dutch cities where they lie, by their first three letters, and what each link makes at its highest fidelity (0.997); fibre is taken to be 1.25 times ' +
      'the great circle. Not a map of the fibres of SURF.',
    nodes: nodes.map(({ name }) => ({ name, label: name.slice(0, 3), ...places.get(name)! })),
    edges: links.map(({ ends: [from, to], capabilities }) => ({
      from,
      to,
      value: capabilities[0]!.ratePerSec,
      label: '',
    })),
    edgeQuantity: 'Pairs made',
    edgeUnit: '1/s',
    placeUnit: 'km',
    logValue: true,
    height: 800,
  });
}
