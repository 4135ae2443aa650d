import { requireInteger } from '../../base/index.js';
import type { Frame, SceneObject } from '../types.js';

/**
 * The ground truth of a frame: the objects that any agent's cloud has at least `least` points of, all clouds together,
 * without the agents themselves (an agent and its vehicle have one id). Frames without per-point hits keep every other object.
 * @throws InputError unless `least` is a whole number from 1.
 */
export function visibleObjects({ agents, objects }: Frame, least = 1): SceneObject[] {
  requireInteger('least', least, 1);
  const known = agents.some(({ cloud }) => cloud.hits !== undefined);
  const echoes = new Uint32Array(objects.length);
  for (const { cloud } of agents) {
    for (const hit of cloud.hits ?? []) {
      if (hit >= 0 && hit < objects.length) echoes[hit]!++;
    }
  }
  const own = new Set(agents.map(({ id }) => id));
  return objects.filter(({ id }, place) => !own.has(id) && (!known || echoes[place]! >= least));
}
