import type { Rng } from '../../math/index.js';
import type { Box, Detection } from '../types.js';
import type { TrainingAgent } from './training-frames.js';

/** Points of an object at which half of the detectors find it. */
const HALF_FOUND = 3;
/** False boxes of an agent, on average; all of low score. */
const FALSE_BOXES = 3;

/** What a detector like the network may have found in an agent's cloud: before there is a trained one, its boxes are imagined. */
export function imaginedDetections(
  objects: readonly Box[],
  { echoes, points }: TrainingAgent,
  rng: Rng,
): Detection[] {
  const found: Detection[] = [];
  for (const [place, object] of objects.entries()) {
    const seen = echoes[place]!;
    const own = rng.fork(place);
    if (seen === 0 || own.uniform() > seen / (seen + HALF_FOUND)) continue;
    found.push(noisy(object, 1 / Math.sqrt(seen), own));
  }
  const count = Math.min(6, Math.floor(rng.fork('count').exponential(FALSE_BOXES)));
  for (let n = 0; n < count && points.count > 0; n++)
    found.push(imagined(points.values, rng.fork('false').fork(n)));
  return found;
}

function noisy(box: Box, doubt: number, rng: Rng): Detection {
  const place = 0.1 + 0.5 * doubt;
  return {
    x: rng.normal(box.x, place),
    y: rng.normal(box.y, place),
    z: rng.normal(box.z, 0.05),
    length: box.length * Math.exp(rng.normal(0, 0.05)),
    width: box.width * Math.exp(rng.normal(0, 0.03)),
    height: box.height * Math.exp(rng.normal(0, 0.03)),
    yaw: box.yaw + rng.normal(0, 0.03 + 0.1 * doubt),
    score: Math.min(0.98, Math.max(0.12, 0.95 - 0.6 * doubt + rng.normal(0, 0.12))),
  };
}

/** A box where something else stands. */
function imagined(values: Float32Array, rng: Rng): Detection {
  const at = 4 * rng.integer(values.length / 4);
  return {
    x: values[at]! + rng.normal(0, 1),
    y: values[at + 1]! + rng.normal(0, 1),
    ...{ z: 0.8, length: 4.5, width: 1.9, height: 1.6, yaw: (rng.integer(4) * Math.PI) / 2 },
    score: rng.uniform(0.1, 0.45),
  };
}
