import type { Row } from 'semwave/pipeline';
import { curve, type Figure } from 'semwave/report';
import { lateSharing, lcv2i, noSharing } from 'semwave/v2x';
import { birdsEye } from './birds-eye.js';
import { cameraFigures, lastFrame, lowLidarScene } from './low-lidar-cameras.js';

interface Setting {
  readonly frames: number;
  readonly seed: number;
  readonly egoBeams: readonly number[];
  readonly lowBeams: number;
  readonly rsuBeams: number;
}

/** The figures of `v2x/low-lidar`. */
export async function lowLidarFigures(rows: readonly Row[], config: Setting): Promise<Figure[]> {
  const overBeams = rows.filter(({ params }) => 'egoBeams' in params).map(only('egoBeams'));
  const overBytes = rows.filter(({ params }) => 'messageBytes' in params).map(only());
  const beamsShown = overBeams.map(({ params }) => Number(params.egoBeams));
  return [
    ...(overBeams.length > 0
      ? [beams(overBeams), ...(await cameraFigures(Math.min(...beamsShown), config))]
      : []),
    ...(overBytes.length > 0 ? [bytes(overBytes, config), view(config)] : []),
  ];
}

const only =
  (...names: string[]) =>
  (row: Row): Row => ({ ...row, params: Object.fromEntries(names.map((name) => [name, row.params[name]!])) });

const yTitle = 'average precision (ratio)';

function beams(rows: readonly Row[]): Figure {
  const figure = curve(rows, {
    name: 'precision-over-beams',
    title: 'What cameras and a road-side unit give to few and to many beams',
    caption:
      'Average precision of a vehicle by the beams of its LiDAR: alone, with its own stereo cameras, and with the boxes, the most ' +
      'helpful 1,600 bytes (LCV2I) or all cells of a road-side unit. Depths of the cameras are 3 % too long and wrong anew on each ' +
      'surface; corrected by the points of the LiDAR, and not. Cameras see what the vehicle can see, the unit what is hidden from ' +
      'it. 95 % bands by bootstrap over frames.',
    x: 'egoBeams',
    y: 'accuracy',
    bounds: ['alone'],
    logX: true,
    xTitle: 'beams of the vehicle (count)',
    yTitle,
  });
  const tickvals = [...new Set(rows.map(({ params }) => params.egoBeams))];
  const xaxis = { ...(figure.layout.xaxis as object), tickvals, ticktext: tickvals.map(String) };
  return { ...figure, layout: { ...figure.layout, xaxis } };
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
  return birdsEye({
    name: 'birds-eye',
    title: `A road-side unit helps ${lowBeams} beams`,
    caption:
      'One frame of the crossing. Dots are cells sent, outlines boxes sent, in the colour of the road-side unit; the star is the ' +
      'ego. Cars that the ego finds are green, those it misses red (overlap 0.5, score 0.5).',
    ...lastFrame(seed, frames, lowLidarScene(lowBeams, rsuBeams)),
    panels: [
      { title: 'alone', strategy: noSharing() },
      { title: 'boxes of the road-side unit', strategy: lateSharing() },
      { title: 'LCV2I: 1,600 bytes', strategy: lcv2i({ maxBytes: 1600 }) },
    ],
  });
}
