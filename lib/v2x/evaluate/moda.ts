import { InputError, requireRange } from '../../base/index.js';
import { optimalAssignment } from '../../math/index.js';

/** A place on the ground, metres. */
export interface Position {
  readonly x: number;
  readonly y: number;
}

/** Who was found and who was there in one frame, in the same coordinates. */
export interface PositionFrame {
  readonly detections: readonly Position[];
  readonly truths: readonly Position[];
}

export interface ModaResult {
  /** 1 - (misses + false alarms) / truths, not below 0. */
  moda: number;
  /** Mean over found truths of 1 - distance / limit; 0 when none was found. */
  modp: number;
  precision: number;
  recall: number;
  misses: number;
  falseAlarms: number;
  truths: number;
}

/**
 * Multiple object detection accuracy and precision (Kasturi et al. 2009) with positions paired optimally: as many pairs
 * within the limit as can be, and of these the nearest.
 * @param maxMeters how far a position found may be from the true one, above 0; 0.5 in Wildtrack
 * @throws InputError for a limit out of range, or a position that is not finite.
 */
export function moda(frames: readonly PositionFrame[], maxMeters = 0.5): ModaResult {
  requireRange('maxMeters', maxMeters, Number.MIN_VALUE, 1e6, 'm');
  let [truths, found, nearness, claimed] = [0, 0, 0, 0];
  for (const frame of frames) {
    const distances = pairedDistances(frame, maxMeters);
    truths += frame.truths.length;
    claimed += frame.detections.length;
    found += distances.length;
    nearness += distances.reduce((sum, distance) => sum + 1 - distance / maxMeters, 0);
  }
  const [misses, falseAlarms] = [truths - found, claimed - found];
  return {
    moda: truths > 0 ? Math.max(0, 1 - (misses + falseAlarms) / truths) : 0,
    modp: found > 0 ? nearness / found : 0,
    precision: claimed > 0 ? found / claimed : 0,
    recall: truths > 0 ? found / truths : 0,
    misses,
    falseAlarms,
    truths,
  };
}

function pairedDistances({ detections, truths }: PositionFrame, limit: number): number[] {
  for (const { x, y } of [...detections, ...truths])
    if (!Number.isFinite(x) || !Number.isFinite(y))
      throw new InputError(`position is ${x}, ${y}; allowed: finite numbers`);
  if (detections.length === 0 || truths.length === 0) return [];
  // A pair too far costs more than any number of near ones, so the optimum has most near pairs.
  const tooFar = limit * (Math.min(detections.length, truths.length) + 1);
  const costs = truths.map((truth) =>
    detections.map((detection) => {
      const distance = Math.hypot(truth.x - detection.x, truth.y - detection.y);
      return distance > limit ? tooFar : distance;
    }),
  );
  const { columns } = optimalAssignment(costs);
  return Array.from(columns).flatMap((column, row) => {
    const cost = column < 0 ? tooFar : costs[row]![column]!;
    return cost < tooFar ? [cost] : [];
  });
}
