import { InputError, requireRange } from '../../base/index.js';
import { matrixPose, multiplyRigid } from '../geometry/index.js';
import type { AgentState, Frame, SceneObject } from '../types.js';
import { parsePointRows, scaleIntensity } from './cloud.js';
import { type DataFolder, isInside, openFolder, readInside } from './folder.js';
import {
  type Annotation,
  type CloudEntry,
  type NuscenesTables,
  openTables,
  requireToken,
  type Sample,
} from './nuscenes-tables.js';
import { PCD_LIMITS } from './pcd-header.js';
import { quaternionMatrix, requirePose, type TimedPose, velocityBetween } from './rigid.js';
import { pointLimit, type SceneData, sceneData } from './scene-data.js';

const NAME = 'V2X-Sim';
/** The segmented LiDAR's channel begins with SEM. */
const CHANNEL = /^LIDAR_TOP_id_(\d{1,4})$/;
const ROADSIDE = '0';
/** x, y, z, intensity, ring. */
const VALUES_PER_POINT = 5;
const MAX_AGENTS = 64;

export interface V2xSimOptions {
  /** The folder of the tables; default `v2.0`, or else `v1.0-mini`, whichever is there. */
  readonly version?: string;
  /** What intensity in the files becomes 1; default 255. */
  readonly intensityScale?: number;
}

interface Settings {
  readonly folder: DataFolder;
  readonly tables: NuscenesTables;
  readonly intensityScale: number;
}

/**
 * Opens V2X-Sim 2.0: the folder that holds `sweeps` and nuScenes' tables (`v2.0`). Agents are the numbers of their LiDARs, 0
 * being the roadside unit; segmented LiDARs are left out. Velocities of agents come from neighbouring samples; a visibility
 * is the middle of its level. The poses believed are the true ones.
 * @throws InputError when a table is missing or damaged, or an option is not allowed.
 */
export function openV2xSim(path: string, options: V2xSimOptions = {}): SceneData {
  const intensityScale = requireRange('intensity scale', options.intensityScale ?? 255, 1e-3, 65_536);
  const folder = openFolder(path, NAME);
  const version = options.version ?? (isInside(folder, 'v2.0') ? 'v2.0' : 'v1.0-mini');
  const tables = openTables(folder, version, CHANNEL);
  const scenarios = tables.scenes
    .map(({ token, name }) => ({ name, frames: tables.samples.get(token) ?? [] }))
    .filter(({ frames }) => frames.length > 0);
  if (scenarios.length === 0) throw new InputError(`${NAME} ${path}: no scene with samples in ${version}`);
  const settings = { folder, tables, intensityScale };
  return sceneData(NAME, scenarios, (sample, index, previous, next) =>
    readFrame(settings, sample, index, previous ?? next),
  );
}

function readFrame(settings: Settings, sample: Sample, index: number, other: Sample | undefined): Frame {
  const { tables } = settings;
  const others = (other && tables.clouds.get(other.token)) ?? [];
  const entries = oneOfEach(sample, tables.clouds.get(sample.token) ?? []).sort((a, b) => rank(a) - rank(b));
  const limited = pointLimit(NAME);
  const agents = entries.map((entry) => {
    const other = others.find(({ agent }) => agent === entry.agent);
    return limited(agentOf(settings, entry, other));
  });
  const annotations = tables.annotations().get(sample.token) ?? [];
  const objects = annotations.map((one) => objectOf(tables, one));
  return { index, timeSec: sample.timestamp / 1e6, agents, objects };
}

/** An agent has one cloud at a sample: the first, where there are more. */
function oneOfEach({ token }: Sample, entries: readonly CloudEntry[]): CloudEntry[] {
  const agents = new Map([...entries].reverse().map((entry) => [entry.agent, entry]));
  if (agents.size <= MAX_AGENTS) return [...agents.values()];
  throw new InputError(
    `${NAME}: sample_data: ${agents.size} agents at sample ${JSON.stringify(token)}; allowed: up to ${MAX_AGENTS}`,
  );
}

/** Vehicles by number, the roadside unit last. */
function rank({ agent }: CloudEntry): number {
  return agent === ROADSIDE ? Number.POSITIVE_INFINITY : Number(agent);
}

function agentOf(
  { folder, tables, intensityScale }: Settings,
  entry: CloudEntry,
  other: CloudEntry | undefined,
): AgentState {
  const { pose, timeSec } = timedPose(tables, entry);
  const bytes = readInside(folder, entry.filename, PCD_LIMITS.fileBytes);
  const cloud = parsePointRows(bytes, VALUES_PER_POINT, `${NAME}: ${entry.filename.slice(0, 80)}`);
  return {
    id: entry.agent,
    kind: entry.agent === ROADSIDE ? 'rsu' : 'vehicle',
    truePose: pose,
    pose,
    timeSec,
    clockOffsetSec: 0,
    cloud: scaleIntensity(cloud, intensityScale),
    velocity: velocityBetween({ pose, timeSec }, other && timedPose(tables, other)),
  };
}

/** The LiDAR in the world: first to its vehicle, from there to the world. */
function timedPose({ mounts, places }: NuscenesTables, entry: CloudEntry): TimedPose {
  const mount = requireToken(mounts, entry.calibrated_sensor_token, `${NAME}: calibrated_sensor`);
  const place = requireToken(places(), entry.ego_pose_token, `${NAME}: ego_pose`);
  const matrix = multiplyRigid(
    quaternionMatrix(place.rotation, place.translation),
    quaternionMatrix(mount.rotation, mount.translation),
  );
  return { pose: requirePose(matrix, `${NAME}: ego_pose ${place.token}`), timeSec: entry.timestamp / 1e6 };
}

function objectOf(tables: NuscenesTables, annotation: Annotation): SceneObject {
  const { x, y, z, yaw } = matrixPose(quaternionMatrix(annotation.rotation, annotation.translation));
  const [width, length, height] = annotation.size;
  const visibility = middleOf(tables.levels.get(annotation.visibility_token ?? ''));
  return {
    id: annotation.instance_token,
    kind: tables.kindOf(annotation.instance_token),
    ...{ x, y, z, length, width, height, yaw },
    ...(visibility !== undefined && { visibility }),
  };
}

/** The middle of a level such as `v40-60`, as a share. */
function middleOf(level: string | undefined): number | undefined {
  const match = /^v(\d{1,3})-(\d{1,3})$/.exec(level ?? '');
  return match ? Math.min(1, (Number(match[1]) + Number(match[2])) / 200) : undefined;
}
