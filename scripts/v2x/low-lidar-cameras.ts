import { type Figure, pictureStrip } from 'semwave/report';
import { type Picture, toPng } from 'semwave/source';
import {
  type AgentState,
  type AssistOptions,
  type CrossingFrame,
  type CrossingOptions,
  cameraAssisted,
  composePoses,
  depthImage,
  type Fixture,
  lcv2i,
  noSharing,
  poseMatrix,
  transformPoint,
  withCameras,
} from 'semwave/v2x';
import { birdsEye } from './birds-eye.js';
import { scenesOf } from './sharing-setup.js';

interface Setting {
  readonly frames: number;
  readonly seed: number;
  readonly rsuBeams: number;
}

interface Shot {
  readonly frame: CrossingFrame;
  readonly fixtures: readonly Fixture[];
}

/** One vehicle with stereo cameras, and a road-side unit. */
export const lowLidarScene = (egoBeams: number, rsuBeams: number) => ({
  ...{ cavs: 1, egoBeams, rsu: { beams: rsuBeams } },
  egoCameras: {},
});

/** The last frame of a run's first scene. */
export function lastFrame(
  seed: number,
  frames: number,
  options: Omit<CrossingOptions, 'rng' | 'seconds'>,
): Shot {
  const { scene } = scenesOf({ scenes: 1, frames }, seed, options)[0]!;
  return { frame: scene.frame(scene.frameCount - 1), fixtures: scene.fixtures };
}

/** What the ego's cameras see, and what becomes of it. */
export async function cameraFigures(
  egoBeams: number,
  { frames, seed, rsuBeams }: Setting,
): Promise<Figure[]> {
  const shot = lastFrame(seed, frames, lowLidarScene(egoBeams, rsuBeams));
  return [await depthPictures(shot), fromAbove(shot, egoBeams)];
}

/** Metres that the colours run between, from red over yellow and green to blue. */
const DEPTHS = { near: 4, far: 50 };
const NOTHING_MEASURED = 0.93;
const DIRECTIONS = ['ahead', 'left', 'behind', 'right'];
const PIXELS = 3;

async function depthPictures({ frame, fixtures }: Shot): Promise<Figure> {
  const ego = frame.agents[0]!;
  const cameras = ego.cameras!;
  const boxes = [...frame.objects.filter(({ id }) => id !== ego.id), ...fixtures];
  const size = cameras[0]!;
  const exact = cameras.map(({ mount }) => depthImage(composePoses(ego.truePose, mount), boxes, size).depth);
  const measured = cameras.map(({ depth }) => depth);
  const paint = (depths: readonly Float32Array[]) =>
    Promise.all(depths.map((depth) => toPng(painted(depth, size.width, size.height))));
  return pictureStrip({
    name: 'depth-cameras',
    title: 'What depth cameras of the vehicle see',
    caption:
      `Depth from red (${DEPTHS.near} m and less) over yellow and green to blue (${DEPTHS.far} m and more) along each camera's axis, exact and ` +
      'as stereo measures it: noise that grows with the square of the depth, nothing (light grey) beside edges, beyond 50 m, in the sky ' +
      'and for one pixel in ten. Four cameras of 90 degrees.',
    rows: ['exact', 'stereo'],
    columns: DIRECTIONS,
    pictures: [await paint(exact), await paint(measured)],
    texts: [
      DIRECTIONS.map(() => ''),
      measured.map((depth) => {
        const share = depth.filter((metres) => metres > 0).length / depth.length;
        return `${Math.round(100 * share)} % measured`;
      }),
    ],
  });
}

/** Colours of depths, each pixel as a square of several. */
function painted(depth: Float32Array, width: number, height: number): Picture {
  const data = new Float32Array(3 * PIXELS ** 2 * width * height);
  for (let at = 0; at < data.length / 3; at++) {
    const [column, row] = [at % (PIXELS * width), Math.floor(at / (PIXELS * width))];
    data.set(colourOf(depth[Math.floor(row / PIXELS) * width + Math.floor(column / PIXELS)]!), 3 * at);
  }
  return { name: 'depth', width: PIXELS * width, height: PIXELS * height, data };
}

/** Red, yellow, green, blue, dark blue, evenly over the logarithm of the depth. */
const SCALE = [
  [0.84, 0.19, 0.15],
  [0.99, 0.85, 0.35],
  [0.4, 0.76, 0.45],
  [0.2, 0.5, 0.74],
  [0.12, 0.16, 0.45],
] as const;

function colourOf(metres: number): readonly number[] {
  if (!(metres > 0 && Number.isFinite(metres))) return [NOTHING_MEASURED, NOTHING_MEASURED, NOTHING_MEASURED];
  const share = Math.log(metres / DEPTHS.near) / Math.log(DEPTHS.far / DEPTHS.near);
  const place = Math.min(1, Math.max(0, share)) * (SCALE.length - 1);
  const from = Math.min(Math.floor(place), SCALE.length - 2);
  return SCALE[from]!.map((value, channel) => value + (place - from) * (SCALE[from + 1]![channel]! - value));
}

function fromAbove({ frame, fixtures }: Shot, egoBeams: number): Figure {
  const ego = frame.agents[0]!;
  const none = { correction: 'none' } as const;
  return birdsEye({
    name: 'cameras-from-above',
    title: `Cameras help ${egoBeams} beams`,
    caption:
      'One frame of the crossing. In the panels of cameras, dots in the colour of the ego are where its cameras put the upper ends ' +
      'of what stands; with the road-side unit, dots in its colour are the cells it sends. Cars that the ego finds are green, those ' +
      'it misses red (overlap 0.5, score 0.5).',
    ...{ frame, fixtures },
    panels: [
      {
        title: 'cameras, not corrected',
        strategy: cameraAssisted(noSharing(), none),
        places: seenBy(ego, none),
      },
      {
        title: 'cameras, corrected by the LiDAR',
        strategy: cameraAssisted(noSharing()),
        places: seenBy(ego),
      },
      {
        title: 'cameras, and LCV2I: 1,600 bytes',
        strategy: cameraAssisted(lcv2i({ maxBytes: 1600 })),
      },
    ],
  });
}

/** Places in the world that the agent's cameras add to its LiDAR's. */
function seenBy(ego: AgentState, options?: AssistOptions): [x: number, y: number][] {
  const { count, points } = withCameras(ego, options).cloud;
  const toWorld = poseMatrix(ego.truePose);
  return Array.from({ length: count - ego.cloud.count }, (_, index) => {
    const at = 4 * (ego.cloud.count + index);
    const [x, y] = transformPoint(toWorld, [points[at]!, points[at + 1]!, points[at + 2]!]);
    return [x, y];
  });
}
