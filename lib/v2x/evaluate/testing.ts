import type { Detection } from '../types.js';

/** A car's box at a place, score 1 and heading 0 unless stated. */
export const car = (x: number, y: number, more: Partial<Detection> = {}): Detection => ({
  x,
  y,
  z: 0.75,
  length: 4.5,
  width: 1.9,
  height: 1.5,
  yaw: 0,
  score: 1,
  ...more,
});
