import type { Row } from 'semwave/pipeline';
import { curve, type Figure } from 'semwave/report';

const SYSTEMS = ['none', 'late', 'late, moved on', 'instance', 'early', 'early, as told'];

/** The figures of `v2x/aerial`. */
export function aerialFigures(rows: readonly Row[]): Figure[] {
  const kept = rows.map((row) => {
    const { altitude, delay, overlap } = row.params;
    return { ...row, params: { altitude: altitude!, delay: delay!, overlap: overlap! } };
  });
  const lowest = Math.min(...kept.map(({ params }) => Number(params.altitude)));
  const [atOnce, low] = [
    kept.filter(({ params }) => params.delay === 0),
    kept.filter(({ params }) => params.altitude === lowest),
  ];
  const figures: Figure[] = [];
  if (atOnce.length > 0) figures.push(altitude(atOnce), bytes(atOnce.filter((row) => low.includes(row))));
  if (low.some(({ params }) => params.delay !== 0)) figures.push(delay(low));
  return figures;
}

const AP = 'AP (ratio)';

const shown = ({ system }: Row) => !['none', 'early, as told'].includes(system);

function altitude(rows: readonly Row[]): Figure {
  return curve(rows, {
    name: 'ap-over-altitude',
    title: 'How high the drone should fly',
    caption:
      'AP of a car with 16 beams and a UAV with 64 over its altitude, by the overlap asked for, with 95 % intervals. Higher, it sees ' +
      'more cars, which then count for the car alone too, and knows worse where it is: the car moves what it is told until walls ' +
      '(points) or boxes lie on its own; “as told” it does not.',
    x: 'altitude',
    y: 'accuracy',
    facet: 'overlap',
    systems: SYSTEMS,
    where: ({ system }) => system !== 'late, moved on',
    xTitle: 'altitude (m)',
    yTitle: AP,
  });
}

function delay(rows: readonly Row[]): Figure {
  return curve(rows, {
    name: 'ap-over-delay',
    title: 'What old messages are worth',
    caption:
      'AP at the lowest altitude over the age of what arrives, by the overlap asked for, with 95 % intervals. Instances and boxes with ' +
      'velocities are moved on by their age; points and plain boxes stay where they were.',
    x: 'delay',
    y: 'accuracy',
    facet: 'overlap',
    systems: SYSTEMS,
    where: shown,
    xTitle: 'delay (s)',
    yTitle: AP,
  });
}

function bytes(rows: readonly Row[]): Figure {
  return curve(rows, {
    name: 'ap-over-bytes',
    title: 'What the drone has to send',
    caption: 'AP at the lowest altitude without delay over the bytes of a frame, with 95 % intervals.',
    x: 'rate',
    y: 'accuracy',
    facet: 'overlap',
    systems: SYSTEMS,
    logX: true,
    where: shown,
    xTitle: 'bytes of the UAV (KB/frame)',
    yTitle: AP,
  });
}
