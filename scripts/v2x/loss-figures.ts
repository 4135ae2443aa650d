import type { Row } from 'semwave/pipeline';
import { curve, type Figure } from 'semwave/report';

/** The figures of `v2x/loss`. */
export function lossFigures(rows: readonly Row[]): Figure[] {
  const dropped = rows.filter(({ params }) => params.order !== undefined);
  const lost = rows.filter(({ params }) => params.strategy !== undefined && params.loss !== undefined);
  // Where nothing arrived there is no time to arrival.
  const onAir = rows.filter(({ system, params }) => system !== 'none' && Number(params.arrivedPerFrame) > 0);
  const figures: Figure[] = [];
  if (dropped.length > 0) figures.push(drops(plain(dropped)));
  if (lost.length > 0) figures.push(losses(plain(lost)));
  if (onAir.length > 0) figures.push(radios(onAir));
  return figures;
}

const plain = (rows: readonly Row[]): Row[] =>
  rows.map((row) => ({ ...row, params: { loss: row.params.loss! } }));

function drops(rows: readonly Row[]): Figure {
  return curve(rows, {
    name: 'moda-over-drops',
    title: 'Which packets one can do without',
    caption:
      'MODA at 0.5 m of people seen by seven cameras, over the share of all packets (tiles of features) that are dropped: those with ' +
      'the smallest mean feature first, or any. 95 % intervals over frames.',
    x: 'loss',
    y: 'accuracy',
    xTitle: 'packets dropped (share)',
    yTitle: 'MODA (ratio)',
  });
}

function losses(rows: readonly Row[]): Figure {
  return curve(rows, {
    name: 'ap-over-loss',
    title: 'Short messages survive',
    caption:
      'AP at IoU 0.5 at the crossing, strategy by strategy, over the share of packets lost at random. A message is used up to its ' +
      'first gap, so what a strategy sends first matters. 95 % intervals over frames.',
    bounds: ['none'],
    x: 'loss',
    y: 'accuracy',
    xTitle: 'packets lost (share)',
    yTitle: 'AP at IoU 0.5 (ratio)',
  });
}

function radios(rows: readonly Row[]): Figure {
  const sent = rows.map((row) => ({ ...row, params: { medium: row.params.medium! } }));
  return curve(sent, {
    name: 'ap-over-radio',
    title: 'What a radio channel makes of it',
    caption:
      'AP at IoU 0.5 over the mean time from sending to arrival, where all vehicles share one channel of 10 MHz behind the ' +
      'buildings of the crossing: packets are lost to noise, collisions and, of long messages, to the end of their time. A strategy of ' +
      'which nothing arrived has no point. 95 % intervals over frames.',
    x: 'latency',
    y: 'accuracy',
    facet: 'medium',
    logX: true,
    xTitle: 'sending to arrival (s)',
    yTitle: 'AP at IoU 0.5 (ratio)',
  });
}
