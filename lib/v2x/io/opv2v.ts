import { z } from 'zod';
import { InputError, requireRange } from '../../base/index.js';
import type { AgentState, Frame, SceneObject } from '../types.js';
import { carlaBox, carlaPose } from './carla.js';
import { mirrorCloud, scaleIntensity } from './cloud.js';
import { type DataFolder, listInside, openFolder, readInside } from './folder.js';
import { parseYaml, TEXT_LIMITS } from './parse.js';
import { parsePcd } from './pcd.js';
import { PCD_LIMITS } from './pcd-header.js';
import { pointLimit, type SceneData, sceneData } from './scene-data.js';
import { numberValue, sizes3, vector3 } from './values.js';

const vehicleSchema = z.object({
  angle: vector3,
  center: vector3,
  extent: sizes3,
  location: vector3,
  speed: numberValue.optional(),
});

const agentSchema = z.object({
  RSU: z.boolean().optional(),
  ego_speed: numberValue.optional(),
  /** x, y, z, roll, yaw, pitch. */
  lidar_pose: z.tuple([numberValue, numberValue, numberValue, numberValue, numberValue, numberValue]),
  plan_trajectory: z.unknown().optional(),
  vehicles: z.record(z.string(), vehicleSchema).nullish(),
});

type AgentFile = z.output<typeof agentSchema>;

const routeSchema = z.array(z.array(numberValue).min(2).max(16)).min(1).max(10_000);

const METRES_PER_SECOND = 1 / 3.6;

/** One time of a scenario: its name in file names, and the folders of the agents that have it. */
interface Stamp {
  readonly scenario: string;
  readonly stamp: string;
  readonly agents: readonly string[];
  readonly timeSec: number;
}

export interface Opv2vOptions {
  /** Seconds between the frames; default 0.1. */
  readonly frameSec?: number;
}

/**
 * Opens one split (`train`, `validate`, `test` ...) of OPV2V or V2XSet: `scenario/agent/000069.{yaml,pcd}`, in CARLA's
 * left-handed world, which becomes right-handed here. The ego comes first (the first folder by its name as text), roadside
 * units (negative numbers) last. Objects are those of all agents' files, each id once; a vehicle that is an agent is among
 * them, under its folder's name, only where another agent's file has it. Times count from the scenario's start. The pose
 * believed is the true one.
 * @throws InputError when the folder holds no scenario.
 */
export function openOpv2v(path: string, options: Opv2vOptions = {}): SceneData {
  const frameSec = requireRange('seconds between frames', options.frameSec ?? 0.1, 0.001, 10, 's');
  const folder = openFolder(path, 'OPV2V');
  const scenarios = folderNames(folder)
    .map((name) => ({ name, frames: stampsOf(folder, name, frameSec) }))
    .filter(({ frames }) => frames.length > 0);
  if (scenarios.length === 0) {
    throw new InputError(
      `OPV2V ${path}: no scenario; allowed: a folder of SCENARIO/AGENT/000000.yaml and .pcd`,
    );
  }
  return sceneData('OPV2V', scenarios, (stamp, index) => readFrame(folder, stamp, index));
}

function folderNames(folder: DataFolder, path?: string): string[] {
  return listInside(folder, path)
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

function stampsOf(folder: DataFolder, scenario: string, frameSec: number): Stamp[] {
  const agents = folderNames(folder, scenario).filter((name) => /^-?\d{1,9}$/.test(name));
  // A stable sort: both kinds keep their order as texts.
  agents.sort((a, b) => Number(isRoadside(a)) - Number(isRoadside(b)));
  // Digits only, so that `000069_additional.yaml` and `data_protocol.yaml` are no frames.
  const stamps = agents.map((agent) => {
    const names = listInside(folder, `${scenario}/${agent}`).map(
      ({ name }) => /^(\d{1,12})\.yaml$/.exec(name)?.[1],
    );
    return new Set(names.filter((name) => name !== undefined));
  });
  return [...(stamps[0] ?? [])].map((stamp, place) => ({
    scenario,
    stamp,
    agents: agents.filter((_, i) => stamps[i]!.has(stamp)),
    timeSec: place * frameSec,
  }));
}

function isRoadside(agent: string): boolean {
  return agent.startsWith('-');
}

function readFrame(folder: DataFolder, { scenario, stamp, agents, timeSec }: Stamp, index: number): Frame {
  const objects = new Map<string, SceneObject>();
  const limited = pointLimit('OPV2V');
  const states = agents.map((id) => {
    const base = `${scenario}/${id}/${stamp}`;
    const bytes = readInside(folder, `${base}.yaml`, TEXT_LIMITS.yamlBytes);
    const file = parseYaml(bytes, agentSchema, `OPV2V: ${base}.yaml`);
    for (const object of objectsOf(file)) if (!objects.has(object.id)) objects.set(object.id, object);
    return limited(agentOf(folder, id, base, file, timeSec));
  });
  return { index, timeSec, agents: states, objects: [...objects.values()] };
}

function agentOf(folder: DataFolder, id: string, base: string, file: AgentFile, timeSec: number): AgentState {
  const truePose = carlaPose(...file.lidar_pose);
  const speed = (file.ego_speed ?? 0) * METRES_PER_SECOND;
  const cloud = parsePcd(readInside(folder, `${base}.pcd`, PCD_LIMITS.fileBytes), `OPV2V: ${base}.pcd`);
  const route = routeSchema.safeParse(file.plan_trajectory);
  return {
    id,
    kind: isRoadside(id) || file.RSU === true ? 'rsu' : 'vehicle',
    truePose,
    pose: truePose,
    timeSec,
    clockOffsetSec: 0,
    cloud: scaleIntensity(mirrorCloud(cloud), 1),
    velocity: along(truePose.yaw, speed),
    ...(route.success && { route: route.data.map(([x, y]) => [x!, 0 - y!] as const) }),
  };
}

function objectsOf({ vehicles }: AgentFile): SceneObject[] {
  return Object.entries(vehicles ?? {}).map(([id, { angle, center, extent, location, speed }]) => {
    const box = carlaBox(location, center, extent, angle[1]);
    const velocity = speed === undefined ? {} : { velocity: along(box.yaw, speed * METRES_PER_SECOND) };
    return { id, kind: 'vehicle', ...box, ...velocity };
  });
}

function along(yaw: number, speed: number): [vx: number, vy: number] {
  return [speed * Math.cos(yaw), speed * Math.sin(yaw)];
}
