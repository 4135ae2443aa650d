import type { Row } from 'semwave/pipeline';
import { curve, type Figure } from 'semwave/report';
import { lateSharing, lcv2i, noSharing } from 'semwave/v2x';
import { birdsEye } from './birds-eye.js';
import { scenesOf } from './sharing-setup.js';

interface Setting {
  readonly frames: number;
  readonly seed: number;
  readonly lowBeams: number;
  readonly rsuBeams: number;
}

/** The figures of `v2x/low-lidar`. */
export function lowLidarFigures(rows: readonly Row[], config: Setting): Figure[] {
  const overBeams = rows.filter(({ params }) => 'egoBeams' in params).map(only('egoBeams'));
  const overBytes = rows.filter(({ params }) => 'messageBytes' in params).map(only());
  return [
    ...(overBeams.length > 0 ? [beams(overBeams)] : []),
    ...(overBytes.length > 0 ? [bytes(overBytes, config), view(config)] : []),
  ];
}

const only =
  (...names: string[]) =>
  (row: Row): Row => ({ ...row, params: Object.fromEntries(names.map((name) => [name, row.params[name]!])) });

const yTitle = 'average precision (ratio)';

function beams(rows: readonly Row[]): Figure {
  return curve(rows, {
    name: 'precision-over-beams',
    title: 'What a road-side unit gives to few and to many beams',
    caption:
      'Average precision of a vehicle by the beams of its LiDAR: alone, and with the boxes, the most helpful 1,600 bytes (LCV2I) ' +
      'or all cells of a road-side unit. The road-side unit closes more than the gap between few and many beams, since it ' +
      'sees what is hidden from the vehicle. 95 % bands by bootstrap over frames.',
    x: 'egoBeams',
    y: 'accuracy',
    bounds: ['alone'],
    xTitle: 'beams of the vehicle (count)',
    yTitle,
  });
}

function bytes(rows: readonly Row[], { lowBeams }: Setting): Figure {
  return curve(rows, {
    name: 'precision-over-bytes',
    title: `Which regions help a LiDAR of ${lowBeams} beams`,
    caption:
      'Average precision over all bytes of a frame. Regions of 4 x 4 cells go by how much the confidence of the road-side unit ' +
      "differs from the vehicle's, times its own, which takes a request; or by its own alone, which takes none.",
    x: 'rate',
    y: 'accuracy',
    logX: true,
    xTitle: 'sent, requests included (byte/frame)',
    yTitle,
  });
}

function view({ frames, seed, lowBeams, rsuBeams }: Setting): Figure {
  const options = { cavs: 1, egoBeams: lowBeams, rsu: { beams: rsuBeams } };
  const [{ scene }] = scenesOf({ scenes: 1, frames }, seed, options) as [ReturnType<typeof scenesOf>[number]];
  return birdsEye({
    name: 'birds-eye',
    title: `A road-side unit helps ${lowBeams} beams`,
    caption:
      'One frame of the crossing. Dots are cells sent, outlines boxes sent, in the colour of the road-side unit; the star is the ' +
      'ego. Cars that the ego finds are green, those it misses red (overlap 0.5, score 0.5).',
    frame: scene.frame(scene.frameCount - 1),
    fixtures: scene.fixtures,
    panels: [
      { title: 'alone', strategy: noSharing() },
      { title: 'boxes of the road-side unit', strategy: lateSharing() },
      { title: 'LCV2I: 1,600 bytes', strategy: lcv2i({ maxBytes: 1600 }) },
    ],
  });
}
