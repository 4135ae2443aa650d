import { requireRange } from '../../base/index.js';
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
  const kept: Detection[] = [];
  for (const detection of byScore(detections)) {
    if (kept.every((better) => bevIou(detection, better) <= iou)) kept.push(detection);
  }
  return kept;
}
