import { InputError } from '../../base/index.js';
import { originPose, relativeMatrix, transformBox } from '../geometry/index.js';
import { visibleObjects } from '../scene/index.js';
import type { Detection, Frame, SceneObject } from '../types.js';
import type { JudgedFrame } from './matching.js';

/**
 * What an agent (by default the first, the ego) found in a frame beside what was there to find: the objects that any agent
 * has an echo of, at the time of the frame, in the agent's frame by its true pose, so that errors of its pose count. The
 * agents' own vehicles are neither truths nor false alarms.
 * @param detections in the frame of the agent
 * @throws InputError for a frame without an agent.
 */
export function judgedFrame(
  frame: Frame,
  detections: readonly Detection[],
  ego = frame.agents[0],
): JudgedFrame & { truths: SceneObject[] } {
  if (!ego) throw new InputError(`frame ${frame.index} has no agent; allowed: 1 or more`);
  const toEgo = relativeMatrix(originPose, ego.truePose);
  const own = new Set(frame.agents.map(({ id }) => id));
  const here = (objects: readonly SceneObject[]) => objects.map((object) => transformBox(toEgo, object));
  return {
    detections,
    truths: here(visibleObjects(frame)),
    ignored: here(frame.objects.filter(({ id }) => own.has(id))),
  };
}
