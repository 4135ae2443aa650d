import { placed } from '../bev/index.js';
import type { JudgedFrame } from '../evaluate/index.js';
import type { AgentState, Box, Detection } from '../types.js';
import { gridAbout, inPillarRange } from './grid.js';
import type { PillarInput } from './pillars.js';
import { standingPoints } from './points.js';

/** The input of clouds merged at the first agent, all by the poses that they believe in. */
export function mergedInput(agents: readonly [AgentState, ...AgentState[]]): PillarInput {
  return { origin: gridAbout(agents[0].pose), clouds: agents.map(standingPoints) };
}

/** Boxes without those that an agent stands in: it knows about itself, and of the others from their messages. */
export function withoutAgents<D extends Detection>(
  boxes: readonly D[],
  agents: readonly { readonly x: number; readonly y: number }[],
): D[] {
  return boxes.filter(
    (box) => !agents.some((agent) => Math.hypot(agent.x - box.x, agent.y - box.y) < OWN_METERS),
  );
}

/** A sensor stands over the middle of its vehicle; no other car's middle is so near. */
const OWN_METERS = 1.75;

/** A judged frame of an agent in which what lies outside of the network's grid counts neither way. */
export function withinPillarRange(
  frame: JudgedFrame,
  { truePose }: Pick<AgentState, 'truePose'>,
): JudgedFrame {
  const inside = (box: Box) => inPillarRange(truePose, placed(truePose, box));
  return {
    detections: frame.detections.filter(inside),
    truths: frame.truths.filter(inside),
    ignored: [...(frame.ignored ?? []), ...frame.truths.filter((truth) => !inside(truth))],
  };
}
