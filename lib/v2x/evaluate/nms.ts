import { requireRange } from '../../base/index.js';
import { buckets } from '../geometry/index.js';
import type { Detection } from '../types.js';
import { bevIou } from './iou.js';

/** The same detections, score descending; equal scores keep their order. */
export function byScore<D extends Pick<Detection, 'score'>>(detections: readonly D[]): D[] {
  return [...detections].sort((a, b) => b.score - a.score);
}

/**
 * Greedy non-maximum suppression of rotated boxes: from the highest score down, a box stays unless it overlaps one that
 * stays by more than `iou` (0 to 1, default 0.15). Fuses boxes of several agents, once these are in one frame.
 * @returns score descending
 * @throws InputError for an overlap out of range.
 */
export function rotatedNms(detections: readonly Detection[], iou = 0.15): Detection[] {
  requireRange('iou', iou, 0, 1);
  const reach = detections.reduce((most, { length, width }) => Math.max(most, length + width), 1e-3);
  const places = buckets<Detection>(reach);
  return byScore(detections).filter((detection) => {
    const { x, y } = detection;
    const stays = places.near(x, y).every((better) => bevIou(detection, better) <= iou);
    if (stays) places.add(x, y, detection);
    return stays;
  });
}
