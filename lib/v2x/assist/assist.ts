import { groundPlane } from '../detect/index.js';
import { inverseRigid, multiplyRigid, originPose, poseMatrix, transformCloud, transformPoint } from '../geometry/index.js';
import type { AgentState, DepthView, PointCloud, SharingStrategy } from '../types.js';
import { correctSurfaces, depthScale } from './offset.js';
import { headingOf, type Stixel, stixelsOf } from './stixels.js';

export const TRY = { surface: true, scale: true, maxError: 0.25, smooth: 0, cover: 0.4 };

const assisted = new WeakMap<PointCloud, PointCloud>();

export function withCameras(agent: AgentState): AgentState {
  if (!agent.cameras) return agent;
  const known = assisted.get(agent.cloud);
  const cloud = known ?? joined(agent);
  assisted.set(agent.cloud, cloud);
  return { ...agent, cloud };
}

export function clearCache(cloud: PointCloud) { assisted.delete(cloud); }

function joined(agent: AgentState): PointCloud {
  const { roll, pitch } = agent.pose;
  const level = poseMatrix({ ...originPose, roll, pitch });
  const cloud = transformCloud(level, agent.cloud);
  const ground = groundPlane(cloud);
  const standing: number[] = [];
  const covered = new Set<number>();
  const key = (x: number, y: number) => Math.floor(x / TRY.cover) * 100000 + Math.floor(y / TRY.cover);
  for (let at = 0; at < 4 * cloud.count; at += 4) {
    const [x, y, z] = [cloud.points[at]!, cloud.points[at + 1]!, cloud.points[at + 2]!];
    const h = z - ground[0] * x - ground[1] * y - ground[2];
    if (h >= 0.3) { standing.push(x, y, h); covered.add(key(x, y)); }
  }
  const points: number[] = [];
  for (const view of agent.cameras!) {
    const mount = poseMatrix(view.mount);
    const matrix = multiplyRigid(level, mount);
    const scale = TRY.scale ? depthScale(view, agent.cloud, mount) : 1;
    const stixels = stixelsOf(view, { matrix, ground, scale });
    if (TRY.surface) correctSurfaces(stixels, view, standing, matrix);
    const [hx, hy] = headingOf(matrix);
    const reach = view.pair.focalPixels * view.pair.baselineMeters;
    for (const s of stixels) {
      const far = reach / s.disparity;
      const error = far * far / reach * view.pair.noisePixels / Math.sqrt(s.rows);
      if (error > TRY.maxError) continue;
      const x = matrix[3]! + far * (hx - s.aside * hy);
      const y = matrix[7]! + far * (hy + s.aside * hx);
      if (covered.has(key(x, y))) continue;
      points.push(x, y, s.top + ground[0] * x + ground[1] * y + ground[2], 0);
    }
  }
  const back = inverseRigid(level);
  const all = new Float32Array(4 * agent.cloud.count + points.length);
  all.set(agent.cloud.points.subarray(0, 4 * agent.cloud.count));
  for (let at = 0; at < points.length; at += 4) {
    const [x, y, z] = transformPoint(back, [points[at]!, points[at + 1]!, points[at + 2]!]);
    all.set([x, y, z, 0], 4 * agent.cloud.count + at);
  }
  return { count: all.length / 4, points: all };
}

export function cameraAssisted(strategy: SharingStrategy): SharingStrategy {
  return {
    name: `${strategy.name}, with cameras`,
    ...(strategy.request && { request: (ego) => strategy.request!(withCameras(ego)) }),
    share: (sender, request) => strategy.share(withCameras(sender), request),
    fuse: (ego, messages) => strategy.fuse(withCameras(ego), messages),
  };
}
export type { Stixel, DepthView };
