import { join } from 'node:path';
import { InputError, writeFileAtomic } from '../../base/index.js';
import type { AgentState, Frame, PointCloud, Pose, SceneObject } from '../types.js';
import { mirrorCloud } from './cloud.js';
import { pcdHeader } from './write-pcd.js';

const DEGREES = 180 / Math.PI;
const KILOMETRES_PER_HOUR = 3.6;
const FIRST_AGENT = 1001;
const FIRST_OBJECT = 5001;
const MAX_AGENTS = FIRST_OBJECT - FIRST_AGENT;

/**
 * Writes frames as a scenario of OPV2V that `openOpv2v` and other tools read: left-handed metres and degrees, lengths and
 * angles to nine digits after the point, intensity to eight bits. Numbers take the place of names, as the format wants it:
 * vehicles from 1001 on in the frames' order, so that the ego stays first, what else has sensors from -1 down. Lost are clocks
 * and the difference between the pose believed and the true one, which is what is written.
 * @param folder of the split; the scenario becomes a folder in it
 * @returns the number of each agent and object by its id
 * @throws InputError when the folder cannot be written or there are more than 4,000 agents.
 */
export function writeOpv2v(folder: string, scenario: string, frames: readonly Frame[]): Map<string, string> {
  if (!/^[\w-]{1,100}$/.test(scenario)) {
    throw new InputError(
      `scenario ${JSON.stringify(scenario.slice(0, 60))}; allowed: letters, digits, _ and -`,
    );
  }
  const numbers = numberAll(frames);
  frames.forEach((frame, place) => {
    const stamp = String(place).padStart(6, '0');
    for (const agent of frame.agents) {
      const base = join(folder, scenario, numbers.get(agent.id)!, stamp);
      writeFileAtomic(`${base}.yaml`, yamlOf(agent, frame.objects, numbers));
      writeFileAtomic(`${base}.pcd`, colouredPcd(mirrorCloud(agent.cloud)));
    }
  });
  return numbers;
}

function numberAll(frames: readonly Frame[]): Map<string, string> {
  const agents = new Map(frames.flatMap((frame) => frame.agents).map((agent) => [agent.id, agent.kind]));
  const vehicles = [...agents].filter(([, kind]) => kind === 'vehicle').map(([id]) => id);
  const others = [...agents].filter(([, kind]) => kind !== 'vehicle').map(([id]) => id);
  if (vehicles.length > MAX_AGENTS)
    throw new InputError(`${vehicles.length} vehicles share; allowed: ${MAX_AGENTS}`);
  const objects = new Set(frames.flatMap((frame) => frame.objects).map(({ id }) => id));
  const seen = [...objects].filter((id) => !agents.has(id));
  return new Map([
    ...vehicles.map((id, place): [string, string] => [id, String(FIRST_AGENT + place)]),
    ...others.map((id, place): [string, string] => [id, String(-1 - place)]),
    ...seen.map((id, place): [string, string] => [id, String(FIRST_OBJECT + place)]),
  ]);
}

/** Flow style with a point in every number, which all YAML versions read alike. */
function yamlOf(
  agent: AgentState,
  objects: readonly SceneObject[],
  numbers: ReadonlyMap<string, string>,
): string {
  const pose = list(leftHanded(agent.truePose));
  const vehicles = objects
    .filter(({ id }) => id !== agent.id)
    .map((one) => `  ${numbers.get(one.id)}: ${vehicleOf(one)}\n`);
  return [
    `RSU: ${agent.kind !== 'vehicle'}\n`,
    `ego_speed: ${decimal(Math.hypot(...agent.velocity) * KILOMETRES_PER_HOUR)}\n`,
    `lidar_pose: ${pose}\npredicted_ego_pos: ${pose}\ntrue_ego_pos: ${pose}\n`,
    `plan_trajectory: [${(agent.route ?? []).map(([x, y]) => list([x, -y])).join(', ')}]\n`,
    vehicles.length > 0 ? `vehicles:\n${vehicles.join('')}` : 'vehicles: {}\n',
  ].join('');
}

/** x, y, z, roll, yaw, pitch. */
function leftHanded({ x, y, z, roll, pitch, yaw }: Pose): number[] {
  return [x, -y, z, roll * DEGREES, -yaw * DEGREES, -pitch * DEGREES];
}

function vehicleOf({ x, y, z, length, width, height, yaw, velocity = [0, 0] }: SceneObject): string {
  const speed = Math.hypot(...velocity) * KILOMETRES_PER_HOUR;
  return `{angle: ${list([0, -yaw * DEGREES, 0])}, center: ${list([0, 0, height / 2])}, extent: ${list([length / 2, width / 2, height / 2])}, location: ${list([x, -y, z - height / 2])}, speed: ${decimal(speed)}}`;
}

function list(values: readonly number[]): string {
  return `[${values.map(decimal).join(', ')}]`;
}

function decimal(value: number): string {
  return value.toFixed(9);
}

/** Intensity as the red of a packed colour, whose bits are printed as a single-precision number. */
function colouredPcd({ count, points }: PointCloud): string {
  const bits = new Uint32Array(1);
  const single = new Float32Array(bits.buffer);
  const rows: string[] = [];
  for (let at = 0; at < 4 * count; at += 4) {
    bits[0] = Math.round(255 * points[at + 3]!) << 16;
    rows.push(`${points[at]} ${points[at + 1]} ${points[at + 2]} ${single[0]}\n`);
  }
  return pcdHeader(count, 'rgb', 'ascii') + rows.join('');
}
