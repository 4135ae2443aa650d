import type { Row } from 'semwave/pipeline';
import { curve, type Figure } from 'semwave/report';

/** The figures of `v2x/latency`. */
export function latencyFigures(rows: readonly Row[]): Figure[] {
  if (rows.length === 0) return [];
  const axes = {
    x: 'delayMs',
    y: 'accuracy',
    xTitle: 'delay of a message (ms)',
    yTitle: 'average precision (ratio)',
  } as const;
  return [
    curve(rows, {
      ...axes,
      name: 'late-over-delay',
      title: 'Boxes that arrive late',
      caption:
        'Average precision of late and early fusion when every message is so old on arrival. A stale box of a moving car is a ' +
        'false alarm beside its true one. Two systems move boxes on at their velocity: by tracks of the sender, or by the flow of ' +
        'its points. 95 % bands by bootstrap over frames.',
      bounds: ['none'],
      systems: ['none', 'late', 'late, moved by tracks', 'late, moved by scene flow', 'early'],
      where: ({ system }) => system === 'none' || system.startsWith('late') || system === 'early',
    }),
    curve(rows, {
      ...axes,
      name: 'cells-over-delay',
      title: 'Cells that arrive late',
      caption:
        'The same of cells of confident cars, with the route asked for (Select2Drive); the request takes the delay too. Moved on: ' +
        'the ego follows the cars that it finds in the cells of each sender, and moves their cells to the present.',
      bounds: ['none'],
      systems: ['none', 'cells', 'cells, moved on'],
      where: ({ system }) => system === 'none' || system.startsWith('cells'),
    }),
  ];
}
