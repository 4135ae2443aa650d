import { requireChoice, requireRange } from '../../base/index.js';
import type { AgentState, DepthView, PointCloud, SharingStrategy } from '../types.js';
import { type CameraCorrection, pseudoLidar } from './pseudo-lidar.js';

export interface AssistOptions {
  readonly name?: string;
  /** `surfaces` unless told otherwise. */
  readonly correction?: CameraCorrection;
  /** What cameras saw counts where its distance is known to this standard deviation, 0.01 to 10 m; 0.4 unless told otherwise. */
  readonly maxErrorMeters?: number;
}

/** The clouds that were made of what cameras saw and of a LiDAR's cloud, so that each is made once. */
const known = new WeakMap<readonly DepthView[], WeakMap<PointCloud, Map<string, PointCloud>>>();

/**
 * The agent with what its cameras saw added to its cloud, corrected by the LiDAR; without cameras, the agent as it is. Points of
 * cameras have intensity 0, and the cloud does not tell what its points hit.
 * @throws InputError for an option out of range.
 */
export function withCameras(agent: AgentState, options: AssistOptions = {}): AgentState {
  const { correction = 'surfaces', maxErrorMeters = 0.4 } = options;
  requireChoice('correction', correction, ['surfaces', 'scale', 'none']);
  requireRange('maxErrorMeters', maxErrorMeters, 0.01, 10, 'm');
  if (!agent.cameras?.length) return agent;
  const { roll, pitch } = agent.pose;
  const ofCameras = known.get(agent.cameras) ?? new WeakMap<PointCloud, Map<string, PointCloud>>();
  known.set(agent.cameras, ofCameras);
  const clouds = ofCameras.get(agent.cloud) ?? new Map<string, PointCloud>();
  ofCameras.set(agent.cloud, clouds);
  const key = JSON.stringify([correction, maxErrorMeters, roll, pitch]);
  const cloud = clouds.get(key) ?? joined(agent, correction, maxErrorMeters);
  clouds.set(key, cloud);
  return { ...agent, cloud };
}

function joined(agent: AgentState, correction: CameraCorrection, maxErrorMeters: number): PointCloud {
  const seen = pseudoLidar(agent, correction).filter(({ errorMeters }) => errorMeters <= maxErrorMeters);
  const { count, points } = agent.cloud;
  const all = new Float32Array(4 * (count + seen.length));
  all.set(points.subarray(0, 4 * count));
  for (const [at, { place }] of seen.entries()) all.set(place, 4 * (count + at));
  return { count: count + seen.length, points: all };
}

/**
 * The strategy with agents that look through their cameras too: what LCV2I has beside the LiDAR of few beams, as an
 * interpretation (of the paper only the abstract was at hand: cameras as input, feature offset correction, regional
 * enhancement). Correction by the LiDAR stands for the first, fitting surfaces for the second.
 * @throws InputError for an option out of range, when the strategy is first used.
 */
export function cameraAssisted(strategy: SharingStrategy, options: AssistOptions = {}): SharingStrategy {
  const helped = (agent: AgentState) => withCameras(agent, options);
  return {
    name: options.name ?? `${strategy.name} + camera`,
    ...(strategy.request && { request: (ego) => strategy.request!(helped(ego)) }),
    share: (sender, request) => strategy.share(helped(sender), request),
    fuse: (ego, messages) => strategy.fuse(helped(ego), messages),
  };
}
