import { expect, it } from 'vitest';
import { scenesOf } from './sharing-setup.js';

it('the seed of a run draws its scenes', () => {
  const place = (seed: number, scene: number) => {
    const { x, y } = scenesOf({ scenes: 2, frames: 1 }, seed)[scene]!.frames[0]!.objects[0]!;
    return `${x} ${y}`;
  };
  expect(place(1, 0)).toBe(place(1, 0));
  expect(new Set([place(1, 0), place(1, 1), place(2, 0), place(2, 1)]).size).toBe(4);
});
