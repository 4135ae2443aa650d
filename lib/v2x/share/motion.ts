import { type Placement, placed, relativePlacement } from '../bev/index.js';
import type { AgentState, Detection } from '../types.js';
import { flowVelocities } from './flow.js';
import type { MotionView } from './perception.js';
import { boxFrom } from './received.js';
import { tracker } from './tracker.js';

/** Where velocities come from: nowhere, tracks of boxes over frames, or the flow of the points within each box. */
export type VelocitySource = 'none' | 'tracks' | 'flow';

/** What a box whose motion is unknown is still worth falls by 1 / e in this time, seconds. */
const TRUST_SEC = 0.3;

/** A box where it will be after some seconds at its velocity, trusted less where that is unknown. */
export function advanced(box: Detection, seconds: number): Detection {
  if (!box.velocity) return { ...box, score: box.score * Math.exp(-seconds / TRUST_SEC) };
  const [vx, vy] = box.velocity;
  return { ...box, x: box.x + seconds * vx, y: box.y + seconds * vy };
}

/** Gives an agent's boxes velocities; remembers what it was given before, of each agent by itself. */
export function velocityOf(
  source: VelocitySource,
): (agent: AgentState, own: MotionView) => readonly Detection[] {
  if (source === 'none') return (_, own) => own.detections;
  const estimate = source === 'tracks' ? trackVelocities : flowVelocities;
  const estimators = new Map<string, ReturnType<typeof estimate>>();
  return (agent, own) => {
    const known = estimators.get(agent.id) ?? estimate();
    estimators.set(agent.id, known);
    return known(agent.timeSec, own);
  };
}

/** Tracks stand in the world, as the agent believes: its own motion is none of theirs. */
function trackVelocities() {
  const tracks = tracker();
  return (timeSec: number, { frame, detections }: MotionView) => {
    const world: Placement = { x: 0, y: 0, yaw: 0 };
    const back = relativePlacement(world, frame);
    return tracks(
      timeSec,
      detections.map((box) => placed(frame, box)),
    ).map((box) => boxFrom(back, box));
  };
}
