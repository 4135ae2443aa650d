import { z } from 'zod';
import { InputError, requireChoice, requireInteger, requireRange } from '../../base/index.js';
import { composePoses } from '../geometry/index.js';
import type { AgentState, Frame, PointCloud, Pose, SceneObject } from '../types.js';
import { parsePointRows, type RawCloud, scaleIntensity } from './cloud.js';
import { type DataFolder, isInside, openFolder, readInside } from './folder.js';
import { parseGriffinLabels } from './griffin-labels.js';
import { parseJson, TEXT_LIMITS } from './parse.js';
import { parsePcd } from './pcd.js';
import { PCD_LIMITS } from './pcd-header.js';
import { jsonRecords } from './records.js';
import { requirePose, rigidMatrix, velocityBetween } from './rigid.js';
import { keptNames, type SceneData, sceneData } from './scene-data.js';
import { matrix4, numberValue } from './values.js';

const NAME = 'Griffin';
const RADIANS = Math.PI / 180;
const FRAME_SEC = 0.1;
const LIST_BYTES = 64 * 2 ** 20;

const scenesSchema = z.object({
  name: z.string().max(200),
  info: z.object({ frames: z.array(z.string().regex(/^\d{1,9}$/, 'a frame number')).max(100_000) }),
});
const poseSchema = z.object({
  x: numberValue,
  y: numberValue,
  z: numberValue,
  roll: numberValue,
  pitch: numberValue,
  yaw: numberValue,
});
const calibrationSchema = z.object({ extrinsic: matrix4 });

const SIDES = {
  vehicle: { folder: 'vehicle-side', sensor: 'lidar_top', kind: 'vehicle' },
  drone: { folder: 'drone-side', sensor: 'lidar_virtual', kind: 'uav' },
} as const;
type Side = keyof typeof SIDES;

export interface GriffinOptions {
  /** Scenes to keep, by name, such as a split's; default all. */
  readonly scenes?: Iterable<string>;
  /**
   * `read` (default) reads `lidar/SENSOR/FRAME` with the ending .pcd or .bin: the vehicle must have it, a drone that only
   * has cameras has an empty cloud. With `none` all clouds are empty.
   */
  readonly clouds?: 'read' | 'none';
  /** Single-precision values of a point in .bin files; default 4. */
  readonly valuesPerPoint?: number;
  /** What intensity in the files becomes 1; default 1. */
  readonly intensityScale?: number;
}

interface Settings extends Required<Omit<GriffinOptions, 'scenes'>> {
  readonly folder: DataFolder;
}

/**
 * Opens Griffin: the folder `griffin-release` that holds `vehicle-side` and `drone-side`. The world is east, north, up. An
 * object that both sides label stands where the vehicle's label says, with the better of the two visibilities. Times are frame
 * numbers in tenths of a second, velocities of agents come from neighbouring poses. How the clouds are encoded is not
 * documented: the options say it.
 * @throws InputError when the list of scenes is missing or damaged, none is wanted, or an option is not allowed.
 */
export function openGriffin(path: string, options: GriffinOptions = {}): SceneData {
  const folder = openFolder(path, NAME);
  const settings: Settings = {
    folder,
    clouds: requireChoice('clouds', options.clouds ?? 'read', ['read', 'none']),
    valuesPerPoint: requireInteger('values per point', options.valuesPerPoint ?? 4, 4, 16),
    intensityScale: requireRange('intensity scale', options.intensityScale ?? 1, 1e-3, 65_536),
  };
  const file = 'vehicle-side/scene_infos.json';
  const kept = keptNames('scenes', options.scenes);
  const scenes = [...jsonRecords(folder, file, LIST_BYTES, scenesSchema)]
    .filter(({ name, info }) => info.frames.length > 0 && (!kept || kept.has(name)))
    .map(({ name, info }) => ({ name, frames: info.frames }));
  if (scenes.length === 0) throw new InputError(`${NAME} ${path}: no scene${kept ? ' of those wanted' : ''}`);
  return sceneData(NAME, scenes, (frame, index, previous, next) =>
    readFrame(settings, frame, index, previous ?? next),
  );
}

function readFrame(settings: Settings, frame: string, index: number, other: string | undefined): Frame {
  const sides: Side[] = hasFrame(settings, 'drone', frame) ? ['vehicle', 'drone'] : ['vehicle'];
  const objects = new Map<string, SceneObject>();
  const agents = sides.map((side) => {
    const own = sidePose(settings, side, frame);
    for (const object of labelsOf(settings, side, frame, own)) {
      objects.set(object.id, merge(objects.get(object.id), object));
    }
    const before = other !== undefined && hasFrame(settings, side, other) ? other : undefined;
    return agentOf(settings, side, frame, own, before);
  });
  return { index, timeSec: Number(frame) * FRAME_SEC, agents, objects: [...objects.values()] };
}

function hasFrame({ folder }: Settings, side: Side, frame: string): boolean {
  return isInside(folder, `${SIDES[side].folder}/pose/${frame}.json`);
}

/** The side's own frame in the world: a positive pitch lowers the nose, a positive yaw turns left, as here. */
function sidePose({ folder }: Settings, side: Side, frame: string): Pose {
  const file = `${SIDES[side].folder}/pose/${frame}.json`;
  const pose = parseJson(readInside(folder, file, TEXT_LIMITS.jsonBytes), poseSchema, `${NAME}: ${file}`);
  return { ...pose, roll: pose.roll * RADIANS, pitch: pose.pitch * RADIANS, yaw: pose.yaw * RADIANS };
}

function labelsOf({ folder }: Settings, side: Side, frame: string, own: Pose): SceneObject[] {
  const file = `${SIDES[side].folder}/label/${frame}.txt`;
  return parseGriffinLabels(
    readInside(folder, file, TEXT_LIMITS.jsonBytes).toString('utf8'),
    own,
    `${NAME}: ${file}`,
  );
}

function merge(first: SceneObject | undefined, second: SceneObject): SceneObject {
  if (!first) return second;
  const visibility = Math.max(first.visibility ?? -1, second.visibility ?? -1);
  return visibility < 0 ? first : { ...first, visibility };
}

function agentOf(
  settings: Settings,
  side: Side,
  frame: string,
  own: Pose,
  other: string | undefined,
): AgentState {
  const timeSec = Number(frame) * FRAME_SEC;
  const pose = composePoses(own, mountOf(settings, side));
  const before =
    other === undefined
      ? undefined
      : { pose: sidePose(settings, side, other), timeSec: Number(other) * FRAME_SEC };
  return {
    id: side,
    kind: SIDES[side].kind,
    truePose: pose,
    pose,
    timeSec,
    clockOffsetSec: 0,
    cloud: cloudOf(settings, side, frame),
    velocity: velocityBetween({ pose: own, timeSec }, before),
  };
}

function mountOf({ folder }: Settings, side: Side): Pose {
  const file = `${SIDES[side].folder}/calib/${SIDES[side].sensor}.json`;
  const what = `${NAME}: ${file}`;
  const { extrinsic } = parseJson(readInside(folder, file, TEXT_LIMITS.jsonBytes), calibrationSchema, what);
  const rows = extrinsic.slice(0, 3) as [number, number, number, number][];
  const [x, y, z] = rows.map((row) => row[3]) as [number, number, number];
  const rotation = rows.map(([a, b, c]) => [a, b, c] as const);
  return requirePose(rigidMatrix(rotation, [x, y, z]), what);
}

function cloudOf(settings: Settings, side: Side, frame: string): PointCloud {
  const { folder, clouds, intensityScale } = settings;
  const base = `${SIDES[side].folder}/lidar/${SIDES[side].sensor}/${frame}`;
  const ending = ['.pcd', '.bin'].find((one) => clouds === 'read' && isInside(folder, base + one));
  if (ending) {
    const cloud = parseCloud(settings, base + ending);
    return scaleIntensity(cloud, intensityScale);
  }
  if (clouds === 'read' && side === 'vehicle') {
    throw new InputError(
      `${NAME}: ${base}: no file with .pcd or .bin; allowed: one of these, or clouds: 'none'`,
    );
  }
  return { count: 0, points: new Float32Array(0) };
}

function parseCloud({ folder, valuesPerPoint }: Settings, file: string): RawCloud {
  const bytes = readInside(folder, file, PCD_LIMITS.fileBytes);
  const what = `${NAME}: ${file}`;
  return file.endsWith('.pcd') ? parsePcd(bytes, what) : parsePointRows(bytes, valuesPerPoint, what);
}
