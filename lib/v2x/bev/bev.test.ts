import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import {
  type BevCells,
  bevCells,
  bevGrid,
  CELL_BYTES,
  decodeCells,
  encodeCells,
  gridIndex,
  mergeCells,
  type Placement,
  placed,
  relativePlacement,
  scatterCells,
  selectCells,
  warpCells,
  warpGrid,
} from './index.js';

const cloud = (count: number, name = 'cloud', reach = 20) => {
  const rng = Rng.of(7).fork(name);
  return Float64Array.from({ length: 3 * count }, (_, k) =>
    k % 3 === 2 ? rng.uniform(0, 3) : rng.uniform(-reach, reach),
  );
};

const total = (cells: BevCells, of: Float64Array) =>
  of.reduce((sum, value, cell) => sum + value * cells.points[cell]!, 0);

const frames = fc.record({
  x: fc.double({ min: -50, max: 50, noNaN: true }),
  y: fc.double({ min: -50, max: 50, noNaN: true }),
  yaw: fc.double({ min: -4, max: 4, noNaN: true }),
});

describe('sparse cells', () => {
  it('hold count, means, height and view of their points', () => {
    const cells = bevCells([1, 0.1, 0.5, 1.1, 0.3, 1.5, -0.1, 0.1, 1, 3, -4, 2], 14);
    expect([...cells.column]).toEqual([7, -1, 2]);
    expect([...cells.row]).toEqual([-10, 0, 0]);
    expect([...cells.points]).toEqual([1, 1, 2]);
    expect(cells.x[2]).toBeCloseTo(1.05, 12);
    expect(cells.y[2]).toBeCloseTo(0.2, 12);
    expect(cells.top[2]).toBe(1.5);
    expect([cells.viewX[0], cells.viewY[0]]).toEqual([-3 / 13, 4 / 13]);
    expect(() => bevCells([1, 2])).toThrow('2 values');
    expect(() => bevCells([], 1, 0)).toThrow('cellMeters');
    expect(bevCells([1e9, 0, 1]).size).toBe(0);
  });

  it('keep points and their centre in any frame, and come back', () => {
    const cells = bevCells(cloud(300));
    fc.assert(
      fc.property(frames, (frame) => {
        const moved = warpCells(cells, frame);
        expect(
          total(
            moved,
            moved.points.map(() => 1),
          ),
        ).toBe(300);
        const centre = { x: total(cells, cells.x) / 300, y: total(cells, cells.y) / 300, yaw: 0 };
        expect(total(moved, moved.x) / 300).toBeCloseTo(placed(frame, centre).x, 8);
        const back = placed(relativePlacement({ x: 0, y: 0, yaw: 0 }, frame), placed(frame, centre));
        expect(back.x).toBeCloseTo(centre.x, 9);
        expect(back.y).toBeCloseTo(centre.y, 9);
        expect(back.yaw).toBeCloseTo(0, 12);
      }),
      { numRuns: 50, seed: 1 },
    );
  });

  it('merge to the cells of all points', () => {
    const [a, b] = [cloud(200, 'a'), cloud(300, 'b')];
    const both = bevCells([...a, ...b]);
    const merged = mergeCells([bevCells(a), bevCells(b)]);
    expect(merged.size).toBe(both.size);
    for (const name of ['column', 'row', 'points', 'top'] as const) expect(merged[name]).toEqual(both[name]);
    for (const name of ['x', 'y', 'viewX', 'viewY'] as const)
      expect([...merged[name]]).toEqual([...both[name]].map((value) => expect.closeTo(value, 10)));
    expect(mergeCells([]).size).toBe(0);
    expect(() => mergeCells([bevCells([], 1, 0.4), bevCells([], 1, 0.5)])).toThrow('cells of 0.5 m');
  });

  it('are left out by a test', () => {
    const cells = bevCells(cloud(100));
    const high = selectCells(cells, (cell) => cells.top[cell]! > 1.5);
    expect(high.size).toBeLessThan(cells.size);
    expect(Math.min(...high.top)).toBeGreaterThan(1.5);
  });
});

describe('cells as bytes', () => {
  it('come back within the steps of their code, and encode to the same bytes again', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 }), fc.constantFrom(0.1, 0.4, 0.8, 3), (count, side) => {
        const cells = bevCells(cloud(count, 'bytes', 120), 1.9, side);
        const bytes = encodeCells(cells);
        expect(bytes.byteLength).toBe(8 + CELL_BYTES * cells.size);
        const again = decodeCells(bytes);
        expect(again.cellMeters).toBe(side);
        expect(encodeCells(again)).toEqual(bytes);
        const off = (name: 'x' | 'y' | 'top' | 'viewX') =>
          cells[name].reduce((most, value, cell) => Math.max(most, Math.abs(again[name][cell]! - value)), 0);
        expect(Math.max(off('x'), off('y'))).toBeLessThan(side / 256);
        expect(off('top')).toBeLessThan(0.00501);
        expect(off('viewX')).toBeLessThan(0.004);
      }),
      { numRuns: 30, seed: 2 },
    );
  });

  it('keep a side of any number of digits, so that they are the same bytes again', () => {
    const sides = fc.double({ min: 0.01, max: 100, noNaN: true });
    fc.assert(
      fc.property(sides, (side) => {
        const bytes = encodeCells(bevCells([1, 2, 1], 1.9, side));
        expect(encodeCells(decodeCells(bytes))).toEqual(bytes);
      }),
      { numRuns: 200, seed: 4 },
    );
  });

  it('are refused when cut, stretched, lying about their number or out of order', () => {
    const bytes = encodeCells(bevCells(cloud(50)));
    expect(() => decodeCells(bytes.subarray(0, 5))).toThrow('cells: 5 bytes');
    expect(() => decodeCells(bytes.subarray(0, bytes.length - 1))).toThrow('allowed:');
    const lying = bytes.slice();
    lying.fill(255, 0, 4);
    expect(() => decodeCells(lying)).toThrow('4294967295 cells');
    const swapped = bytes.slice();
    swapped.copyWithin(8, 8 + CELL_BYTES, 8 + 2 * CELL_BYTES);
    expect(() => decodeCells(swapped)).toThrow('cell 1 is out of order');
    const sideless = bytes.slice();
    sideless.fill(255, 4, 8);
    expect(() => decodeCells(sideless)).toThrow('side is NaN');
  });
});

describe('dense grids', () => {
  const grid = bevGrid(8);

  it('take sparse values where they stand', () => {
    const cells = bevCells([0.1, 0.1, 1, 7.9, -7.9, 1, 9, 0, 1]);
    const { values } = scatterCells(cells, [5, 6, 7], grid);
    expect(values[gridIndex(grid, 0, 0)]).toBe(6);
    expect(values[gridIndex(grid, 19, -20)]).toBe(5);
    expect(values.reduce((sum, value) => sum + value)).toBe(11);
    expect(gridIndex(grid, 20, 0)).toBe(-1);
    expect(() => scatterCells(cells, [1], grid)).toThrow('1 values of 3 cells');
    expect(() => bevGrid(8, 8, 1e-3)).toThrow('cellMeters');
  });

  it('warp a linear field exactly where known, and mask what came from outside', () => {
    const field = (x: number, y: number) => 1 + 0.3 * x - 0.2 * y;
    const centre = (index: number) => (index + 0.5 - 20) * 0.4;
    const values = Float32Array.from({ length: 1600 }, (_, k) =>
      field(centre(k % 40), centre(Math.floor(k / 40))),
    );
    const frame: Placement = { x: 2, y: -1, yaw: 0.6 };
    const warped = warpGrid({ grid, channels: 1, values }, frame, grid);
    const inside = warped.known.reduce((sum, known) => sum + known, 0);
    expect(inside).toBeGreaterThan(900);
    expect(inside).toBeLessThan(1500);
    for (let k = 0; k < 1600; k++) {
      const here = { x: centre(k % 40), y: centre(Math.floor(k / 40)), yaw: 0 };
      const there = placed(relativePlacement({ x: 0, y: 0, yaw: 0 }, frame), here);
      const reached = Math.max(Math.abs(there.x), Math.abs(there.y)) <= 7.8;
      expect(warped.known[k]).toBe(reached ? 1 : 0);
      expect(warped.values[k]).toBeCloseTo(reached ? field(there.x, there.y) : 0, 5);
    }
  });

  it('warp by nothing and by a quarter turn exactly, borders included', () => {
    const values = Float32Array.from({ length: 3200 }, (_, k) => k);
    const source = { grid, channels: 2, values };
    const still = warpGrid(source, { x: 0, y: 0, yaw: 0 }, grid);
    expect(still.values).toEqual(values);
    const turned = warpGrid(source, { x: 0, y: 0, yaw: Math.PI / 2 }, grid);
    expect(turned.known.every((known) => known === 1)).toBe(true);
    // What was at (x, y) is now at (-y, x).
    expect(turned.values[2 * gridIndex(grid, -4, 2)]).toBe(values[2 * gridIndex(grid, 2, 3)]);
  });
});
