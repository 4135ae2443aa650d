import type { Row } from 'semwave/pipeline';
import { curve, type Figure } from 'semwave/report';
import { select2drive, where2comm } from 'semwave/v2x';
import { birdsEye } from './birds-eye.js';
import { scenesOf } from './sharing-setup.js';

type Turn = 'straight' | 'left' | 'right';

interface Setting {
  readonly frames: number;
  readonly turn: Turn;
  readonly seed: number;
}

/** The figures of `v2x/route`. */
export function routeFigures(rows: readonly Row[], config: Setting): Figure[] {
  if (rows.length === 0) return [];
  const percent = rows.map((row) => ({
    ...row,
    params: { of: row.params.of!, percent: Number((100 * Number(row.params.budget)).toPrecision(6)) },
  }));
  const axes = {
    x: 'percent',
    y: 'accuracy',
    logX: true,
    bounds: ['none'],
    xTitle: 'cells a sender may send (% of the map)',
  } as const;
  return [
    curve(percent, {
      ...axes,
      name: 'route-recall',
      title: 'Cars along the route that are found',
      caption:
        'Recall of the cars in a corridor about the way the ego plans to drive. Who knows the route sends first what stands there. ' +
        '95 % bands by bootstrap over frames.',
      where: ({ params }) => params.of === 'route',
      yTitle: 'recall in the corridor (ratio)',
    }),
    curve(percent, {
      ...axes,
      name: 'precision-everywhere',
      title: 'Cars everywhere',
      caption: 'Average precision of the same runs: what lies off the route is left out for it.',
      where: ({ params }) => params.of === 'everywhere',
      yTitle: 'average precision (ratio)',
    }),
    view(config),
  ];
}

function view({ frames, turn, seed }: Setting): Figure {
  const [{ scene }] = scenesOf({ scenes: 1, frames }, seed, { egoTurn: turn }) as [
    ReturnType<typeof scenesOf>[number],
  ];
  return birdsEye({
    name: 'birds-eye',
    title: 'What is sent at 0.05 % of the map',
    caption:
      'One frame of the crossing, the star being the ego and the dashed line its route. Dots are the cells sent, in the colour of ' +
      'the sender; cars that the ego then finds are green, those it misses red (overlap 0.5, score 0.5).',
    frame: scene.frame(0),
    fixtures: scene.fixtures,
    panels: [
      { title: 'confidence only', strategy: where2comm({ share: 0.0005, choice: 'confidence' }) },
      { title: 'Where2comm', strategy: where2comm({ share: 0.0005 }) },
      { title: 'Select2Drive', strategy: select2drive({ share: 0.0005, radiusMeters: 3 }) },
    ],
  });
}
