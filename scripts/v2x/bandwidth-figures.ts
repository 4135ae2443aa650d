import type { Row } from 'semwave/pipeline';
import { curve, type Figure } from 'semwave/report';
import { cosdh, lateSharing, where2comm } from 'semwave/v2x';
import { birdsEye } from './birds-eye.js';
import { scenesOf } from './sharing-setup.js';

interface Setting {
  readonly frames: number;
  readonly seed: number;
}

/** The figures of `v2x/bandwidth`. */
export function bandwidthFigures(rows: readonly Row[], config: Setting): Figure[] {
  return rows.length > 0 ? [precision(rows), view(config)] : [];
}

function precision(rows: readonly Row[]): Figure {
  const costly = rows.filter(({ system }) => system !== 'none');
  const ends = [Math.min, Math.max].map((end) => end(...costly.map(({ rate }) => rate.value)));
  // What costs nothing has no place on a logarithmic axis: it is a line across.
  const free = rows
    .filter(({ system }) => system === 'none')
    .flatMap((row) => ends.map((value) => ({ ...row, rate: { ...row.rate, value } })));
  return curve([...free, ...costly].map(withoutBudget), {
    name: 'precision-over-bytes',
    title: 'How much accuracy a byte buys',
    caption:
      'Average precision of the ego over all bytes of a frame: requests, headers, places, contents, all agents together. ' +
      'Dashed: the ego by itself. Boxes are cheap and good; cells pass them once whole outlines fit, where raw points ' +
      'need 30 times as much. The CoSDH hybrid begins as late fusion and has the cells of what boxes leave open on top. 95 % ' +
      'intervals by bootstrap over frames.',
    x: 'rate',
    y: 'accuracy',
    logX: true,
    bounds: ['none'],
    xTitle: 'sent, requests included (byte/frame)',
    yTitle: 'average precision (ratio)',
  });
}

/** How long a message may be is no other system: curves go over what was sent. */
const withoutBudget = (row: Row): Row => ({ ...row, params: {} });

function view({ frames, seed }: Setting): Figure {
  const [{ scene }] = scenesOf({ scenes: 1, frames }, seed) as [ReturnType<typeof scenesOf>[number]];
  return birdsEye({
    name: 'birds-eye',
    title: 'Who saw what, and what was sent',
    caption:
      'One frame of the crossing. First panel: what each LiDAR met above the ground, the star being the ego. Others: what ' +
      'was sent in the colour of its sender, cells as dots and boxes as outlines; cars that the ego then finds are green, those ' +
      'it misses red (overlap 0.5, score 0.5).',
    frame: scene.frame(scene.frameCount - 1),
    fixtures: scene.fixtures,
    panels: [
      { title: 'late: boxes', strategy: lateSharing() },
      { title: 'Where2comm: 800 bytes a message', strategy: where2comm({ maxBytes: 800 }) },
      { title: 'CoSDH: 1,600 bytes a message', strategy: cosdh({ maxBytes: 1600 }) },
    ],
  });
}
