import { detectAgent } from '../detect/index.js';
import { bevIou } from '../evaluate/index.js';
import { poseMatrix, transformBox } from '../geometry/index.js';
import { visibleObjects } from '../scene/index.js';
import type { Frame } from '../types.js';

/** What each agent of a frame knows by itself, against the ground truth. */
export interface Evidence {
  /** Of each agent the score with which it found each object; 0 where it did not. */
  readonly found: readonly Float64Array[];
  /** Of each agent the scores of what it found and is not there, added up. */
  readonly falseAlarms: Float64Array;
}

/** An object is found by a box that overlaps it so much. */
const LEAST_IOU = 0.5;

/** What every agent of a frame finds by itself. */
export function frameEvidence(frame: Frame): Evidence {
  const objects = visibleObjects(frame);
  const own = frame.objects.filter(({ id }) => frame.agents.some((agent) => agent.id === id));
  const falseAlarms = new Float64Array(frame.agents.length);
  const found = frame.agents.map((agent, place) => {
    const scores = new Float64Array(objects.length);
    for (const box of detectAgent(agent)) {
      const here = transformBox(poseMatrix(agent.pose), box);
      const object = objects.findIndex((one) => bevIou(one, here) >= LEAST_IOU);
      if (object >= 0) scores[object] = Math.max(scores[object]!, box.score);
      else if (own.every((one) => bevIou(one, here) < 0.1)) falseAlarms[place]! += box.score;
    }
    return scores;
  });
  return { found, falseAlarms };
}
