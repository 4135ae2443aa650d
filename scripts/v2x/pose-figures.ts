import type { Row } from 'semwave/pipeline';
import { curve, type Figure } from 'semwave/report';

/** The figures of `v2x/pose`. */
export function poseFigures(rows: readonly Row[]): Figure[] {
  if (rows.length === 0) return [];
  return [
    curve(rows, {
      name: 'precision-over-pose-error',
      title: 'What errors of the pose take away',
      caption:
        'Average precision when every agent errs about its own position and heading, anew in each frame and each by itself. ' +
        'Registered: the ego moves what another sends until the boxes that both found lie on each other. Dashed: the ego by itself, which needs no pose. 95 % bands by bootstrap over frames.',
      x: 'sigma',
      y: 'accuracy',
      bounds: ['none'],
      xTitle: 'standard deviation (m of x and y, degrees of heading)',
      yTitle: 'average precision (ratio)',
    }),
  ];
}
