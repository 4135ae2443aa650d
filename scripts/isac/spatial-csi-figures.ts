import type { Row } from 'semwave/pipeline';
import { curve, type Figure } from 'semwave/report';

/** The figures of `isac/spatial-csi`. */
export function spatialFigures(rows: readonly Row[]): Figure[] {
  const of = (...quantities: string[]) =>
    rows.filter(({ params }) => quantities.includes(String(params.quantity)));
  if (rows.length === 0) return [];
  return [
    curve(of('F1'), {
      name: 'path-f1',
      title: 'Paths foretold in rooms never seen',
      caption:
        'F1 of which of the 25 candidates up to two reflections are there, in test rooms that share nothing with the ' +
        'training rooms. 95 % bootstrap intervals over rooms. All valid and line of sight need no training.',
      x: 'trainRooms',
      y: 'accuracy',
      logX: true,
      xTitle: 'training rooms (count)',
      yTitle: 'F1 of paths (ratio)',
    }),
    curve(of('precision', 'recall', 'power coverage'), {
      name: 'precision-recall',
      title: 'Precision, recall and the power that is covered',
      caption:
        'Precision: foretold paths that are there. Recall: paths there that are foretold. Power coverage: share of the ' +
        'received power over foretold paths. All valid forgets nothing and is wrong about every blocked path.',
      x: 'trainRooms',
      y: 'accuracy',
      facet: 'quantity',
      logX: true,
      xTitle: 'training rooms (count)',
      yTitle: 'share (ratio)',
    }),
    curve(
      of('F1').map((row) => ({
        ...row,
        latency: { ...row.latency, value: row.latency.value * 1e9, unit: 'ns' },
      })),
      {
        name: 'delay-error',
        title: 'How far off in delay the foretold paths are',
        caption:
          'Root mean square of the delay from each path, there or foretold, to the nearest one of the other kind, over ' +
          'links that have both.',
        x: 'trainRooms',
        y: 'latency',
        logX: true,
        xTitle: 'training rooms (count)',
        yTitle: 'delay RMSE (ns)',
      },
    ),
  ];
}
