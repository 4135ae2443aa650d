import { requireChoice, requireRange } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import type { AgentState, Frame, Pose } from '../types.js';

/** How wrong an agent's own pose is: independent errors of every agent and frame. */
export interface PoseNoise {
  /** Standard deviation of x and of y, metres, 0 to 10. */
  readonly xyMeters?: number;
  /** Standard deviation of the yaw, degrees, 0 to 180. */
  readonly yawDeg?: number;
  /** Gaussian unless told otherwise; Laplace of the same standard deviation (its scale times the root of 2). */
  readonly distribution?: 'gaussian' | 'laplace';
}

/**
 * The frame with an error added to every agent's believed pose. Each agent and frame has its own stream, so errors are not
 * shared, and the same stream with twice the deviation gives twice the errors.
 * @throws InputError for a noise outside its ranges.
 */
export function addPoseNoise<F extends Frame>(frame: F, noise: PoseNoise, rng: Rng): F {
  const { xyMeters, yawDeg, draw } = checkedNoise(noise);
  const wrong = (agent: AgentState): Pose => {
    const stream = rng.fork(agent.id).fork(frame.index);
    const { x, y, yaw } = agent.pose;
    return {
      ...agent.pose,
      x: x + xyMeters * draw(stream),
      y: y + xyMeters * draw(stream),
      yaw: yaw + ((yawDeg * Math.PI) / 180) * draw(stream),
    };
  };
  return { ...frame, agents: frame.agents.map((agent) => ({ ...agent, pose: wrong(agent) })) };
}

/** @throws InputError for a noise outside its ranges. */
export function checkedNoise({ xyMeters = 0, yawDeg = 0, distribution = 'gaussian' }: PoseNoise) {
  requireRange('poseNoise.xyMeters', xyMeters, 0, 10);
  requireRange('poseNoise.yawDeg', yawDeg, 0, 180);
  requireChoice('poseNoise.distribution', distribution, ['gaussian', 'laplace']);
  const draw = (rng: Rng) => (distribution === 'gaussian' ? rng.normal() : laplace(rng));
  return { xyMeters, yawDeg, draw };
}

/** Variance 1. */
function laplace(rng: Rng): number {
  return (rng.exponential() - rng.exponential()) / Math.SQRT2;
}
