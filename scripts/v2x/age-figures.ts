import type { Row } from 'semwave/pipeline';
import { curve, type Figure } from 'semwave/report';

const USUAL_WEIGHT = 0.15;
const BOTTLENECK = 'learned bottleneck';
const CODERS = ['i.i.d.', 'temporal, lossless', 'temporal, bits weighed', BOTTLENECK];

/** The figures of `v2x/age`. */
export function ageFigures(rows: readonly Row[]): Figure[] {
  const coded = rows.filter(({ params }) => params.periodSec !== undefined);
  const matched = rows.filter(({ system }) => system === 'calibration');
  const figures: Figure[] = [];
  if (coded.length > 0) figures.push(trade(coded), bytes(coded));
  const aged = withAges(coded);
  if (aged.length > 0) figures.push(age(aged));
  if (matched.length > 0) figures.push(calibration(matched));
  return figures;
}

const without = (rows: readonly Row[], ...names: string[]): Row[] =>
  rows.map((row) => ({
    ...row,
    params: Object.fromEntries(
      Object.entries(row.params).filter(([name]) => !names.includes(name)),
    ) as Row['params'],
  }));

/** Rows of every capacity but one repeat bytes and MODA. */
function oneCapacity(rows: readonly Row[]): Row[] {
  const { capacity } = rows[0]!.params;
  return without(
    rows.filter(({ params }) => params.capacity === capacity),
    'capacity',
    'queuedAge',
  );
}

function trade(rows: readonly Row[]): Figure {
  const half = without(oneCapacity(rows), 'bitWeight', 'bottleneckSteps').filter(
    ({ params }) => params.periodSec === 0.5,
  );
  return curve(half, {
    name: 'moda-over-bytes',
    title: 'What a byte buys',
    caption:
      'MODA at 0.5 m over the bytes that seven cameras really send for a frame, two frames a second. On one curve lies the temporal ' +
      'coder whose quantiser gives up the more the more a bit weighs, on another the bottleneck, whose encoder and read-out learned ' +
      'with the entropy model what is worth its bits; the others round. 95 % intervals over frames.',
    x: 'rate',
    y: 'accuracy',
    logX: true,
    systems: CODERS,
    xTitle: 'bytes of all cameras (KB/frame)',
    yTitle: 'MODA (ratio)',
  });
}

function bytes(rows: readonly Row[]): Figure {
  const usual = oneCapacity(rows).filter(({ params }) => params.bitWeight === USUAL_WEIGHT);
  return curve(usual, {
    name: 'bytes-over-period',
    title: 'What waiting costs the coder',
    caption:
      'Bytes of a frame over the time since the last one, with 95 % intervals: the longer people walk unseen, the less the past ' +
      'says about them; what stands still costs the same.',
    x: 'periodSec',
    y: 'rate',
    logX: true,
    systems: CODERS,
    xTitle: 'period (s)',
    yTitle: 'bytes of all cameras (KB/frame)',
  });
}

/** Rows with the age that includes the wait, where it ends. */
function withAges(rows: readonly Row[]): Row[] {
  return without(
    rows
      .filter(({ params, system }) => params.bitWeight === (system === BOTTLENECK ? 0.01 : USUAL_WEIGHT))
      .filter(({ params }) => params.queuedAge !== undefined)
      .map((row) => ({ ...row, latency: { ...row.latency, value: Number(row.params.queuedAge) } })),
    'queuedAge',
    'bitWeight',
    'bottleneckSteps',
  );
}

function age(aged: readonly Row[]): Figure {
  const learned = aged.some(({ system }) => system === BOTTLENECK);
  return curve(aged, {
    name: 'age-over-period',
    title: 'When to look again',
    caption:
      'Age of perceived targets of the oldest camera with the wait of messages that come at random, over the period, by the ' +
      `capacity of each camera in KB/s${learned ? ' (the bottleneck at a weight of 0.01, learned for half a second)' : ''}: too ` +
      'often and they queue (no point where they would without end), too seldom and everything is old.',
    x: 'periodSec',
    y: 'latency',
    facet: 'capacity',
    logX: true,
    logY: true,
    systems: CODERS,
    xTitle: 'period (s)',
    yTitle: 'age (target s)',
  });
}

function calibration(rows: readonly Row[]): Figure {
  return curve(without(rows, 'within'), {
    name: 'calibration',
    title: 'Cameras that recognise people calibrate each other',
    caption:
      'Mean yaw error that is left of 5 degrees, over the number of matches by re-identification that decide, the surest first; ' +
      '95 % intervals.',
    x: 'matches',
    y: 'accuracy',
    logX: true,
    logY: true,
    xTitle: 'matches (count)',
    yTitle: 'yaw error (degrees)',
  });
}
