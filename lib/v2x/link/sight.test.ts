import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Box } from '../types.js';
import { segmentMeetsBox, sightBetween } from './sight.js';

const unit: Box = { x: 0, y: 0, z: 0, length: 2, width: 2, height: 2, yaw: 0 };
const at = (x: number, y: number, z = 0) => ({ x, y, z });

describe('segmentMeetsBox', () => {
  it('knows through, beside, above, short of and within', () => {
    expect(segmentMeetsBox(at(-5, 0), at(5, 0), unit)).toBe(true);
    expect(segmentMeetsBox(at(-5, 1.1), at(5, 1.1), unit)).toBe(false);
    expect(segmentMeetsBox(at(-5, 0, 1.1), at(5, 0, 1.1), unit)).toBe(false);
    expect(segmentMeetsBox(at(-5, 0), at(-1.1, 0), unit)).toBe(false);
    expect(segmentMeetsBox(at(0.1, 0), at(0.2, 0), unit)).toBe(true);
    expect(segmentMeetsBox(at(-5, 0, 3), at(5, 0, -3), unit)).toBe(true);
  });

  it('turns with the box', () => {
    expect(segmentMeetsBox(at(-5, 1.2), at(5, 1.2), { ...unit, yaw: Math.PI / 4 })).toBe(true);
    expect(segmentMeetsBox(at(-5, 1.5), at(5, 1.5), { ...unit, yaw: Math.PI / 4 })).toBe(false);
  });

  it('agrees with points along the way, and is the same both ways', () => {
    const place = fc.record({
      x: fc.double({ min: -6, max: 6, noNaN: true }),
      y: fc.double({ min: -6, max: 6, noNaN: true }),
      z: fc.double({ min: -3, max: 3, noNaN: true }),
    });
    const property = fc.property(
      place,
      place,
      fc.double({ min: -4, max: 4, noNaN: true }),
      (from, to, yaw) => {
        const box = { ...unit, length: 4, yaw };
        const meets = segmentMeetsBox(from, to, box);
        expect(segmentMeetsBox(to, from, box)).toBe(meets);
        if (!meets) for (let t = 0; t <= 1; t += 0.01) expect(inside(between(from, to, t), box)).toBe(false);
      },
    );
    fc.assert(property, { seed: 7, numRuns: 300 });
  });
});

describe('sightBetween', () => {
  const car = { ...unit, x: 20, z: 0.8, length: 4.5, width: 1.8, height: 1.6 };
  const truck = { ...car, z: 1.5, height: 3 };
  const house = { ...unit, x: 20, z: 5, length: 10, width: 10, height: 10 };
  const sight = (one: number, other: number, vehicles: Box[], buildings: Box[] = []) =>
    sightBetween(at(0, 0, one), at(40, 0, other), { vehicles, buildings }).sight;

  it('is blocked by what is as high as the line', () => {
    expect(sight(1.9, 1.9, [])).toBe('los');
    expect(sight(1.9, 1.9, [car])).toBe('los');
    expect(sight(1.5, 1.5, [car])).toBe('nlosv');
    expect(sight(1.9, 1.9, [truck])).toBe('nlosv');
    expect(sight(1.9, 8, [truck])).toBe('los');
    expect(sight(1.9, 1.9, [truck], [house])).toBe('nlos');
    expect(sight(1.9, 60, [], [house])).toBe('los');
  });

  it('does not take the vehicle under an antenna for a blocker', () => {
    expect(sight(1.5, 1.5, [{ ...truck, x: 0 }])).toBe('los');
    expect(sight(1.5, 1.5, [{ ...truck, x: 41 }])).toBe('los');
  });
});

type Place = ReturnType<typeof at>;

const between = (from: Place, to: Place, t: number): Place => ({
  x: from.x + t * (to.x - from.x),
  y: from.y + t * (to.y - from.y),
  z: from.z + t * (to.z - from.z),
});

/** By polar coordinates, and a little within the faces. */
function inside(point: Place, box: Box): boolean {
  const [angle, radius] = [Math.atan2(point.y, point.x) - box.yaw, Math.hypot(point.x, point.y)];
  const half = (size: number) => size / 2 - 1e-9;
  return (
    Math.abs(radius * Math.cos(angle)) < half(box.length) &&
    Math.abs(radius * Math.sin(angle)) < half(box.width) &&
    Math.abs(point.z) < half(box.height)
  );
}
