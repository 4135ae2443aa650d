import type { Row } from 'semwave/pipeline';
import { cutoffKm, decoyOptimum, mdiOptimum } from 'semwave/quantum';
import { curve, type Figure, type PlotFigure } from 'semwave/report';
import { decoyLink, inefficiency, mdiLink } from './qkd-setup.js';

const bound = 'repeaterless bound (PLOB)';
const finite = 'BB84, finite block';
const counted = 'BB84, simulated';
const unlimited = ['BB84, any decoys', 'BB84, two decoys', 'MDI, any decoys'];

/** The figures of `quantum/qkd`. */
export function qkdFigures(rows: readonly Row[], { detections }: { detections: number }): Figure[] {
  const of = (part: string) => rows.filter(({ params }) => params.part === part);
  const figures: Figure[] = [];
  const fibre = [...of('closed'), ...of('simulated')].map(plain);
  const keyed = withoutZeros(fibre);
  if (keyed.length > 0) figures.push(rates(keyed, detections), ...errors(keyed), ...latency(keyed));
  if (of('mdi').length > 0) figures.push(mdi(of('mdi'), 'rate'), mdi(of('mdi'), 'accuracy'));
  const passes = of('pass').map(plain);
  if (passes.length > 0) figures.push(...satellite(passes));
  return figures;
}

/** Only what places a row on an axis. */
function plain(row: Row): Row {
  const kept = ['distanceKm', 'elevationDeg', 'timeSec'].filter((key) => key in row.params);
  return { ...row, params: Object.fromEntries(kept.map((key) => [key, row.params[key]!])) };
}

function rates(rows: readonly Row[], detections: number): Figure {
  const bb84End = cutoffKm((km) => decoyOptimum(decoyLink(km)).rate);
  const mdiEnd = cutoffKm((km) => mdiOptimum(mdiLink(km), inefficiency).rate);
  const figure = curve(rows, {
    name: 'key-over-distance',
    title: 'Secret key over fibre',
    caption:
      `Lines without points: unlimited blocks; BB84 ends at ${bb84End.toFixed(0)} km, MDI with its relay half way at ` +
      `${mdiEnd.toFixed(0)} km. Points: keys distilled from simulated photons in blocks of ${detections.toExponential(0)} detections, with 95 % ` +
      'intervals; dashed: the same block by closed form. Grey: no protocol without a repeater can pass it.',
    x: 'distanceKm',
    y: 'rate',
    logY: true,
    systems: [counted, ...unlimited, bound],
    bounds: [bound],
    theory: { [finite]: counted },
    xTitle: 'length of fibre (km)',
    yTitle: 'secret key (bit/pulse)',
  });
  return asLines(figure, unlimited);
}

/** Closed forms read as lines beside points that were simulated. */
export const asLines = (figure: PlotFigure, systems: readonly string[]): PlotFigure => ({
  ...figure,
  data: figure.data.map((trace) =>
    systems.includes(String(trace.name)) ? { ...trace, mode: 'lines' } : trace,
  ),
});

const withoutZeros = (rows: readonly Row[]) => rows.filter(({ rate }) => rate.value > 1e-10);

/** Blocks may be too short for any key: then there is nothing to draw. */
function errors(rows: readonly Row[]): Figure[] {
  const shown = rows.filter(({ system }) => [finite, counted, 'MDI, any decoys'].includes(system));
  if (shown.length === 0) return [];
  const figure = curve(shown, {
    name: 'error-over-distance',
    title: 'Errors grow where dark clicks take over',
    caption:
      'Error rate of the sifted key as far as a key is left: counted (points, 95 % intervals) and by closed form (dashed) for ' +
      'BB84, by closed form for MDI. One photon in fifty is depolarized, which makes 1 %.',
    x: 'distanceKm',
    y: 'accuracy',
    systems: [counted, 'MDI, any decoys'],
    theory: { [finite]: counted },
    xTitle: 'length of fibre (km)',
    yTitle: 'error rate of the sifted key (ratio)',
  });
  return [asLines(figure, unlimited)];
}

function latency(rows: readonly Row[]): Figure[] {
  const shown = rows.filter(({ system }) => system === finite || system === counted);
  if (shown.length === 0) return [];
  const figure = curve(shown, {
    name: 'latency-over-distance',
    title: 'How long a block of key takes',
    caption:
      'From the first pulse of a block to its key: sending (dashed) and, for the simulated link, every message of sifting, ' +
      'error correction and verification that waits for another one.',
    x: 'distanceKm',
    y: 'latency',
    logY: true,
    systems: [counted],
    theory: { [finite]: counted },
    xTitle: 'length of fibre (km)',
    yTitle: 'latency of a block (s)',
  });
  return [figure];
}

function mdi(rows: readonly Row[], y: 'rate' | 'accuracy'): Figure {
  return curve(rows, {
    name: y === 'rate' ? 'mdi-announced' : 'mdi-errors',
    title: y === 'rate' ? 'What the MDI relay announces' : 'Errors of the MDI relay',
    caption:
      'Points: counted at four threshold detectors over random phases, with 95 % intervals; dashed: closed form. Coherent ' +
      'pulses err in a quarter of the diagonal results, which is why only single photons bound the phase error.',
    x: 'armLossDb',
    y,
    logY: y === 'rate',
    systems: ['rectilinear', 'diagonal'],
    theory: { 'rectilinear, closed form': 'rectilinear', 'diagonal, closed form': 'diagonal' },
    xTitle: 'loss of each arm (dB)',
    yTitle: y === 'rate' ? 'announced share of the pulses (ratio)' : 'error rate (ratio)',
  });
}

function satellite(rows: readonly Row[]): Figure[] {
  const systems = [...new Set(rows.map(({ system }) => system))].filter((s) => s !== 'whole pass');
  const moments = rows
    .filter(({ system }) => system !== 'whole pass')
    .map((row) => ({ ...row, params: { timeSec: row.params.timeSec! } }));
  const whole = rows.filter(({ system, rate }) => system === 'whole pass' && rate.value > 0);
  const time = 'time from the highest point (s)';
  const shared = { x: 'timeSec', systems, markers: false, xTitle: time } as const;
  const figures: Figure[] = [
    curve(moments, {
      ...shared,
      name: 'pass-loss',
      title: 'Loss of a satellite downlink',
      caption: 'A satellite at 500 km above 10 degrees of elevation, by the highest elevation of the pass.',
      y: 'accuracy',
      yTitle: 'loss (dB)',
    }),
    curve(
      moments.filter(({ rate }) => rate.value > 1),
      {
        ...shared,
        name: 'pass-key-rate',
        title: 'Secret key during a pass',
        caption: 'Secret key at each moment for unlimited blocks, 100 MHz, where any is left.',
        y: 'rate',
        yTitle: 'secret key (bit/s)',
      },
    ),
  ];
  if (whole.length === 0) return figures;
  const perPass = curve(whole, {
    name: 'pass-key',
    title: 'Secret key of a whole pass',
    caption: 'Secret bits of a pass taken as one finite block, by its highest elevation.',
    x: 'elevationDeg',
    y: 'rate',
    xTitle: 'highest elevation (degrees)',
    yTitle: 'secret key of a pass (bit)',
  });
  return [...figures, perPass];
}
