import type { Rng } from '../../math/index.js';
import type { Footprint } from '../evaluate/index.js';

/**
 * Points (x, y, height) on the sides of an upright box that a sensor at the origin sees, every `step` metres, with noise of
 * 2 cm.
 */
export function seenSides(box: Footprint, rng: Rng, step = 0.25, height = 1.5): number[] {
  const [c, s] = [Math.cos(box.yaw), Math.sin(box.yaw)];
  const points: number[] = [];
  const side = (along: number, across: number, half: number, turned: boolean) => {
    // Outward normal of the side, and its middle.
    const [nx, ny] = [c * along - s * across, s * along + c * across];
    const reach = turned ? box.width / 2 : box.length / 2;
    const [mx, my] = [box.x + reach * nx, box.y + reach * ny];
    if (mx * nx + my * ny >= 0) return;
    for (let at = -half; at <= half; at += step) {
      const noise = () => rng.normal(0, 0.02);
      points.push(mx - ny * at + noise(), my + nx * at + noise(), rng.uniform(0.4, height));
    }
  };
  side(1, 0, box.width / 2, false);
  side(-1, 0, box.width / 2, false);
  side(0, 1, box.length / 2, true);
  side(0, -1, box.length / 2, true);
  return points;
}
