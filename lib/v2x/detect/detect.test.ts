import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { bevCells, mergeCells, type Placement, placed, relativePlacement, warpCells } from '../bev/index.js';
import {
  averagePrecision,
  bevIou,
  type Footprint,
  type JudgedFrame,
  judgedFrame,
  rotatedNms,
} from '../evaluate/index.js';
import { type CrossingFrame, crossing } from '../scene/index.js';
import { CAR_PRIOR, detectAgent, detectCells, fromGround, standingCells } from './index.js';
import { seenSides } from './testing.js';

const rng = Rng.of('detect');
const car = (x: number, y: number, yaw: number): Footprint => ({ x, y, yaw, length: 4.4, width: 1.85 });

describe('a car alone', () => {
  it('is found from two sides at any heading', () => {
    const degrees = (least: number, most: number) =>
      fc.integer({ min: least, max: most }).map((angle) => (angle * Math.PI) / 180);
    // Nearly end on, little of the side is there to see.
    const turn = fc.tuple(degrees(20, 160), fc.constantFrom(-1, 1)).map(([angle, sign]) => angle * sign);
    fc.assert(
      fc.property(degrees(-180, 180), turn, fc.integer({ min: 8, max: 25 }), (bearing, turned, range) => {
        const truth = car(range * Math.cos(bearing), range * Math.sin(bearing), bearing + turned);
        const { detections } = detectCells(bevCells(seenSides(truth, rng.fork(range))));
        expect(detections).toHaveLength(1);
        expect(bevIou(detections[0]!, truth)).toBeGreaterThan(0.72);
        expect(detections[0]!.score).toBeGreaterThan(0.7);
      }),
      { numRuns: 60, seed: 3 },
    );
  });

  it('is completed behind its rear, away from the sensor', () => {
    const truth = car(15, 0, 0);
    const [found] = detectCells(bevCells(seenSides(truth, rng.fork('rear')))).detections;
    expect(bevIou(found!, truth)).toBeGreaterThan(0.8);
    expect(found!.x).toBeGreaterThan(14.5);
  });

  it('is found whole in the cells of two agents that see one end each', () => {
    const truth = { ...car(15, 0, 0), length: 4.9 };
    const far: Placement = { x: 30, y: 0.5, yaw: Math.PI };
    const there = placed(relativePlacement({ x: 0, y: 0, yaw: 0 }, far), truth);
    const cells = [seenSides(truth, rng.fork('near')), seenSides(there, rng.fork('far'))].map((p) =>
      bevCells(p),
    );
    const ours = detectCells(cells[0]!).detections[0]!;
    const both = detectCells(mergeCells([cells[0]!, warpCells(cells[1]!, far)])).detections[0]!;
    expect(bevIou(both, truth)).toBeGreaterThan(0.85);
    expect(bevIou(both, truth)).toBeGreaterThan(bevIou(ours, truth));
  });
});

describe('what is no car', () => {
  it('is left out when tall or long, and scores low when small', () => {
    const wall = seenSides({ x: 15, y: 0, yaw: 0.2, length: 0.5, width: 14 }, rng.fork('wall'));
    expect(detectCells(bevCells(wall)).detections).toEqual([]);
    const kiosk = seenSides(car(15, 0, 0.4), rng.fork('kiosk'), 0.25, 4);
    expect(detectCells(bevCells(kiosk)).detections.every(({ score }) => score < 0.4)).toBe(true);
    const bin = seenSides({ x: 12, y: 3, yaw: 0.5, length: 0.7, width: 0.7 }, rng.fork('bin'), 0.15);
    expect(detectCells(bevCells(bin)).detections.every(({ score }) => score < 0.3)).toBe(true);
    expect(detectCells(bevCells([])).detections).toEqual([]);
  });

  it('does not merge cars that stand close', () => {
    const row = [car(12, 4, 0.1), car(17.2, 4.5, 0.1), car(12, 7, 0.1)];
    const points = row.flatMap((one, index) => seenSides(one, rng.fork('row').fork(index)));
    const { detections, cellConfidence } = detectCells(bevCells(points));
    for (const truth of row)
      expect(Math.max(...detections.map((one) => bevIou(one, truth)))).toBeGreaterThan(0.6);
    expect(cellConfidence.every((value) => value > 0.5 && value <= 1)).toBe(true);
  });

  it('a prior out of order is refused', () => {
    const prior = { ...CAR_PRIOR, length: [5, 4, 6] as const };
    expect(() => detectCells(bevCells([]), { prior })).toThrow('length[1] is 4');
  });
});

describe('on the simulated crossing', () => {
  const scene = crossing({ rng: Rng.of(101) });
  const frames = Array.from({ length: 8 }, (_, index) => scene.frame(7 * index));
  const precision = (detect: (frame: CrossingFrame) => JudgedFrame) =>
    averagePrecision(frames.map(detect), { minIou: 0.5 });
  const none = (frame: CrossingFrame) => judgedFrame(frame, detectAgent(frame.agents[0]!));

  /** Boxes of all agents, or the boxes of all agents' cells. */
  function together(frame: CrossingFrame, boxes: boolean): JudgedFrame {
    const all = frame.agents.map((agent) => standingCells(agent));
    const ego = all[0]!;
    const there = all.map(({ frame: at }) => relativePlacement(at, ego.frame));
    const found = boxes
      ? rotatedNms(
          all.flatMap(({ cells }, n) => detectCells(cells).detections.map((box) => placed(there[n]!, box))),
        )
      : detectCells(mergeCells(all.map(({ cells }, n) => warpCells(cells, there[n]!)))).detections;
    return judgedFrame(frame, fromGround(found, ego.ground, frame.agents[0]!.pose));
  }

  it('boxes of others help much, and their cells no less', () => {
    const alone = precision(none);
    const late = precision((frame) => together(frame, true));
    const early = precision((frame) => together(frame, false));
    expect(alone).toBeGreaterThan(0.4);
    expect(late).toBeGreaterThan(alone + 0.15);
    expect(early).toBeGreaterThan(late - 0.01);
    expect(early).toBeLessThan(1);
  });

  it('confidence is high on cells of cars and low elsewhere, and a probability', () => {
    let [onCars, cars, onOthers, others] = [0, 0, 0, 0];
    for (const frame of frames) {
      const { cells, frame: at } = standingCells(frame.agents[0]!);
      const { cellConfidence } = detectCells(cells);
      for (let cell = 0; cell < cells.size; cell++) {
        const spot = {
          ...placed(at, { x: cells.x[cell]!, y: cells.y[cell]!, yaw: 0 }),
          length: 0.4,
          width: 0.4,
        };
        const ours = frame.objects.some((object) => bevIou(object, spot) > 0);
        if (ours) {
          onCars += cellConfidence[cell]!;
          cars++;
        } else {
          onOthers += cellConfidence[cell]!;
          others++;
        }
      }
    }
    expect(onCars / cars).toBeGreaterThan(0.7);
    expect(onOthers / others).toBeLessThan(0.1);
  });

  it('is the same each time, and blind to how the world lies', () => {
    const agent = frames[0]!.agents[1]!;
    expect(detectAgent(agent)).toEqual(detectAgent(agent));
    const elsewhere = { ...agent, pose: { ...agent.pose, x: 1e4, y: -3, yaw: 2 } };
    const moved = detectAgent(elsewhere);
    expect(moved).toHaveLength(detectAgent(agent).length);
    for (const [place, box] of detectAgent(agent).entries()) expect(moved[place]!.x).toBeCloseTo(box.x, 9);
  });
});
