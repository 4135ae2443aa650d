import { z } from 'zod';
import { InputError, requireChoice } from '../../base/index.js';
import { multiplyRigid, type RigidMatrix } from '../geometry/index.js';
import type { AgentState, Frame, SceneObject } from '../types.js';
import { scaleIntensity } from './cloud.js';
import { type DataFolder, openFolder, readInside } from './folder.js';
import { parseJson, TEXT_LIMITS } from './parse.js';
import { parsePcd } from './pcd.js';
import { PCD_LIMITS } from './pcd-header.js';
import { jsonRecords } from './records.js';
import { requirePose, rigidMatrix, type TimedPose, velocityBetween } from './rigid.js';
import { keptNames, type SceneData, sceneData } from './scene-data.js';
import { column3, identifier, microseconds, numberValue, rotation3, sizeValue } from './values.js';

const path = z.string().max(1000);

const pairSchema = z.object({
  infrastructure_pointcloud_path: path,
  vehicle_pointcloud_path: path,
  cooperative_label_path: path,
  system_error_offset: z.object({ delta_x: numberValue, delta_y: numberValue }).optional(),
});

const vehicleSchema = z.object({
  pointcloud_path: path,
  pointcloud_timestamp: microseconds,
  calib_lidar_to_novatel_path: path,
  calib_novatel_to_world_path: path,
  batch_id: identifier.optional(),
});

const roadsideSchema = z.object({
  pointcloud_path: path,
  pointcloud_timestamp: microseconds,
  calib_virtuallidar_to_world_path: path,
});

const motionSchema = z.object({ rotation: rotation3, translation: column3 });
const mountSchema = z.object({ transform: motionSchema });

const labelSchema = z.object({
  type: z.string().max(100),
  '3d_dimensions': z.object({ h: sizeValue, w: sizeValue, l: sizeValue }),
  '3d_location': z.object({ x: numberValue, y: numberValue, z: numberValue }),
  rotation: numberValue,
});

type Vehicle = z.output<typeof vehicleSchema>;
type Roadside = z.output<typeof roadsideSchema>;

interface Source {
  readonly vehicle: Vehicle;
  readonly roadside: Roadside;
  readonly labels: string;
  /** Metres that correct the roadside unit's place in the world. */
  readonly offset: readonly [x: number, y: number];
}

const LIST_BYTES = 64 * 2 ** 20;
const NAME = 'DAIR-V2X-C';

export interface DairOptions {
  /** What the files' intensity is divided by: 256 (default) or 255; publications do either. */
  readonly intensityScale?: 255 | 256;
  /** Vehicle frames to keep, by name, such as a split's; default all. */
  readonly frames?: Iterable<string>;
  /** Labels as first published, from `label_world_backup`, where completed ones have taken their place; default false. */
  readonly originalLabels?: boolean;
}

interface Settings {
  readonly folder: DataFolder;
  readonly intensityScale: number;
  readonly originalLabels: boolean;
}

/**
 * Opens DAIR-V2X-C: the folder that holds `vehicle-side`, `infrastructure-side` and `cooperative`. A frame is a pair of the
 * cooperative list, a scenario the pairs of one vehicle batch; the roadside unit stands where its calibration and the pair's
 * `system_error_offset` say, and has its own time. Objects come from the cooperative labels, without identity through time.
 * The vehicle's velocity comes from its previous pose. Clocks and the poses believed are taken as true.
 * @throws InputError when a list is missing, damaged or names a frame that another lacks, or an option is not allowed.
 */
export function openDair(root: string, options: DairOptions = {}): SceneData {
  const intensityScale = requireChoice('intensity scale', options.intensityScale ?? 256, [255, 256]);
  const folder = openFolder(root, NAME);
  const settings = { folder, intensityScale, originalLabels: options.originalLabels ?? false };
  const kept = keptNames('frames', options.frames);
  const sources = sourcesOf(folder).filter(({ vehicle }) => !kept || kept.has(frameName(vehicle)));
  if (sources.length === 0)
    throw new InputError(`${NAME} ${root}: no pair of frames${kept ? ' of those wanted' : ''}`);
  return sceneData(NAME, batches(sources), (source, index, previous, next) =>
    readFrame(settings, source, index, previous ?? next),
  );
}

function sourcesOf(folder: DataFolder): Source[] {
  const vehicles = byCloud(folder, 'vehicle-side', vehicleSchema);
  const roadsides = byCloud(folder, 'infrastructure-side', roadsideSchema);
  return [...records(folder, 'cooperative/data_info.json', pairSchema)].map((pair) => ({
    vehicle: sideOf(vehicles, 'vehicle-side', pair.vehicle_pointcloud_path),
    roadside: sideOf(roadsides, 'infrastructure-side', pair.infrastructure_pointcloud_path),
    labels: pair.cooperative_label_path,
    offset: [pair.system_error_offset?.delta_x ?? 0, pair.system_error_offset?.delta_y ?? 0],
  }));
}

function records<S extends z.ZodType>(folder: DataFolder, file: string, schema: S): Generator<z.output<S>> {
  return jsonRecords(folder, file, LIST_BYTES, schema);
}

/** A side's frames by the path of their cloud from the data set's folder. */
function byCloud<S extends z.ZodType<{ pointcloud_path: string }>>(
  folder: DataFolder,
  side: string,
  schema: S,
): Map<string, z.output<S>> {
  const frames = [...records(folder, `${side}/data_info.json`, schema)];
  return new Map(frames.map((frame) => [`${side}/${frame.pointcloud_path}`, frame]));
}

function sideOf<T>(frames: ReadonlyMap<string, T>, side: string, cloud: string): T {
  const frame = frames.get(cloud);
  if (frame) return frame;
  const shown = JSON.stringify(cloud.slice(0, 80));
  throw new InputError(`${NAME}: cooperative/data_info.json: ${shown} is not in ${side}/data_info.json`);
}

function frameName({ pointcloud_path }: Vehicle): string {
  return pointcloud_path.replace(/^.*\//, '').replace(/\.pcd$/, '');
}

function batches(sources: readonly Source[]): { name: string; frames: Source[] }[] {
  const parts = new Map<string, Source[]>();
  for (const source of sources) {
    const name = source.vehicle.batch_id ?? 'all';
    const frames = parts.get(name);
    if (frames) frames.push(source);
    else parts.set(name, [source]);
  }
  return [...parts].map(([name, frames]) => ({ name, frames }));
}

function readFrame(settings: Settings, source: Source, index: number, other: Source | undefined): Frame {
  const timed = timedPose(settings.folder, source);
  const velocity = velocityBetween(timed, other && timedPose(settings.folder, other));
  const cloud = `vehicle-side/${source.vehicle.pointcloud_path}`;
  const agents = [agentOf(settings, 'vehicle', timed, cloud, velocity), roadsideOf(settings, source)];
  return { index, timeSec: timed.timeSec, agents, objects: objectsOf(settings, source) };
}

/** The vehicle's LiDAR in the world: first to the positioning unit, from there to the world. */
function timedPose(folder: DataFolder, { vehicle }: Source): TimedPose {
  const mount = readMotion(
    folder,
    `vehicle-side/${vehicle.calib_lidar_to_novatel_path}`,
    mountSchema,
  ).transform;
  const place = readMotion(folder, `vehicle-side/${vehicle.calib_novatel_to_world_path}`, motionSchema);
  const matrix = multiplyRigid(matrixOf(place), matrixOf(mount));
  return { pose: requirePose(matrix, `${NAME}: frame ${frameName(vehicle)}`), timeSec: seconds(vehicle) };
}

function roadsideOf(settings: Settings, { roadside, offset }: Source): AgentState {
  const file = `infrastructure-side/${roadside.calib_virtuallidar_to_world_path}`;
  const { rotation, translation } = readMotion(settings.folder, file, motionSchema);
  const [x, y, z] = translation;
  const pose = requirePose(rigidMatrix(rotation, [x + offset[0], y + offset[1], z]), `${NAME}: ${file}`);
  const timed = { pose, timeSec: seconds(roadside) };
  return agentOf(settings, 'rsu', timed, `infrastructure-side/${roadside.pointcloud_path}`, [0, 0]);
}

function seconds(side: { readonly pointcloud_timestamp: number }): number {
  return side.pointcloud_timestamp / 1e6;
}

function readMotion<S extends z.ZodType>(folder: DataFolder, file: string, schema: S): z.output<S> {
  return parseJson(readInside(folder, file, TEXT_LIMITS.jsonBytes), schema, `${NAME}: ${file}`);
}

function matrixOf({ rotation, translation }: z.output<typeof motionSchema>): RigidMatrix {
  return rigidMatrix(rotation, translation);
}

function agentOf(
  { folder, intensityScale }: Settings,
  kind: 'vehicle' | 'rsu',
  { pose, timeSec }: TimedPose,
  file: string,
  velocity: [number, number],
): AgentState {
  const cloud = parsePcd(readInside(folder, file, PCD_LIMITS.fileBytes), `${NAME}: ${file}`);
  return {
    id: kind,
    kind,
    truePose: pose,
    pose,
    timeSec,
    clockOffsetSec: 0,
    cloud: scaleIntensity(cloud, cloud.intensityFrom === 'rgb' ? 1 : intensityScale),
    velocity,
  };
}

function objectsOf({ folder, originalLabels }: Settings, { labels }: Source): SceneObject[] {
  const file = originalLabels ? labels.replace(/label_world(?=\/)/, 'label_world_backup') : labels;
  const found = jsonRecords(folder, file, TEXT_LIMITS.jsonBytes, labelSchema);
  return [...found].map((label, place) => {
    const { h: height, w: width, l: length } = label['3d_dimensions'];
    const box = { ...label['3d_location'], length, width, height, yaw: label.rotation };
    return { id: String(place), kind: label.type.toLowerCase(), ...box };
  });
}
