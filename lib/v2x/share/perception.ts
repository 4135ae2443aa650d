import { detectCells, type StandingCells, standingCells } from '../detect/index.js';
import type { AgentState, Detection, PointCloud } from '../types.js';
import { confidenceMap } from './confidence.js';

/** What an agent makes of its own cloud: cells and boxes in its ground frame. */
export interface Perception extends StandingCells {
  readonly detections: readonly Detection[];
  /** Smoothed scores on `MAP`, as a detection head would give them. */
  confidence(): Float32Array;
}

/** What boxes get velocities from. */
export type MotionView = Pick<Perception, 'frame' | 'cells' | 'detections'>;

/** All but where the agent believes to be. */
type Seen = Omit<Perception, 'frame'> & { readonly roll: number; readonly pitch: number };

const seen = new WeakMap<PointCloud, Seen>();

/** What an agent sees by itself. A cloud is looked at once, however often it is asked for. */
export function perceive(agent: AgentState): Perception {
  const { x, y, yaw, roll, pitch } = agent.pose;
  const known = seen.get(agent.cloud);
  const own = known?.roll === roll && known.pitch === pitch ? known : look(agent);
  seen.set(agent.cloud, own);
  return { ...own, frame: { x, y, yaw } };
}

function look(agent: AgentState): Seen {
  const { cells, ground } = standingCells(agent);
  const { detections } = detectCells(cells);
  let map: Float32Array | undefined;
  const confidence = () => {
    map ??= confidenceMap(detections);
    return map;
  };
  return { cells, ground, detections, confidence, roll: agent.pose.roll, pitch: agent.pose.pitch };
}
