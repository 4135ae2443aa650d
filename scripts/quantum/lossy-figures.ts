import type { Row } from 'semwave/pipeline';
import { curve, type Figure } from 'semwave/report';

/** What is drawn, in the order of the legend. */
export const SYSTEMS = {
  perfect: 'simulated, memories that keep',
  forgetful: 'simulated, memories that forget',
  optics: 'simulated, swaps that fail half the time',
  closed: 'closed form, memories that keep',
  bound: 'bound of the chain',
  oneWay: 'bound without feedback',
  limit: 'limit of one station',
} as const;

const simulated = [SYSTEMS.perfect, SYSTEMS.forgetful, SYSTEMS.optics];

/** The figures of `quantum/lossy`. */
export function lossyFigures(
  rows: readonly Row[],
  { lengthKm, t2Sec }: { lengthKm: number; t2Sec: number },
): Figure[] {
  const drawn = rows.map(({ params: { station, stations }, ...row }) => ({
    ...row,
    params: { station: station!, links: Number(stations) + 1 },
  }));
  if (drawn.length === 0) return [];
  const bounds = [saturation(drawn, lengthKm)];
  if (!drawn.some(({ system }) => system === SYSTEMS.perfect)) return bounds;
  return [...bounds, belowBounds(drawn, lengthKm, t2Sec), waits(drawn, lengthKm)];
}

const theory = { [SYSTEMS.closed]: SYSTEMS.perfect };

function saturation(rows: readonly Row[], lengthKm: number): Figure {
  const systems = [SYSTEMS.bound, SYSTEMS.oneWay, SYSTEMS.limit];
  return curve(rows, {
    name: 'saturation',
    title: `Bounds saturate where stations lose light: ${lengthKm} km`,
    caption:
      'Largest rate by the number of links, one panel for each station transmissivity τ. More stations shorten the fibres ' +
      'but not the stations: the bound approaches that of one station by itself (dashed), -log2(1 - τ). Without feedback ' +
      'a link carries nothing before it is shorter than half its light, and stations that lose half carry nothing ever.',
    x: 'links',
    logX: true,
    y: 'rate',
    facet: 'station',
    where: ({ system, rate }) => (systems as readonly string[]).includes(system) && rate.value > 0,
    systems,
    bounds: [SYSTEMS.limit],
    logY: true,
    xTitle: 'links (number)',
    yTitle: 'rate (bit/use)',
  });
}

function belowBounds(rows: readonly Row[], lengthKm: number, t2Sec: number): Figure {
  const systems = [...simulated, SYSTEMS.closed, SYSTEMS.bound, SYSTEMS.limit];
  return curve(rows, {
    name: 'simulated-rate',
    title: `Simulated chains stay below every bound: ${lengthKm} km`,
    caption:
      'Points: ebits a use of every link that a simulated chain delivers (95 % intervals), two uses an attempt, one memory ' +
      `a link and side; memories that forget have a T2 of ${t2Sec} s. Dashed in colour: closed form of the wait for all links. ` +
      'Many stations wait long for the slowest link, and where they lose light more of them buy less and less.',
    x: 'links',
    logX: true,
    y: 'rate',
    facet: 'station',
    where: ({ system, rate }) => (systems as readonly string[]).includes(system) && rate.value > 1e-9,
    systems,
    bounds: [SYSTEMS.bound, SYSTEMS.limit],
    theory,
    logY: true,
    xTitle: 'links (number)',
    yTitle: 'rate (bit/use)',
  });
}

function waits(rows: readonly Row[], lengthKm: number): Figure {
  return curve(rows, {
    name: 'time-to-a-pair',
    title: `How long a pair takes: ${lengthKm} km`,
    caption:
      'Mean time to an end-to-end pair, heralds of every attempt told before the next: shorter links try more often and ' +
      'succeed more often.',
    x: 'links',
    logX: true,
    y: 'latency',
    facet: 'station',
    where: ({ system }) => system === SYSTEMS.perfect || system === SYSTEMS.optics,
    systems: [SYSTEMS.perfect, SYSTEMS.optics],
    logY: true,
    xTitle: 'links (number)',
    yTitle: 'mean time to a pair (s)',
  });
}
