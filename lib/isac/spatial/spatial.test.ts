import { beforeAll, describe, expect, it } from 'vitest';
import { useEngine } from '../../engine/index.js';
import { mean, Rng } from '../../math/index.js';
import { disposeTree } from '../../nn/index.js';
import { isInside } from '../room/index.js';
import {
  allValid,
  alwaysLineOfSight,
  candidateMap,
  initValidityNetwork,
  nearestRoom,
  occupancyMap,
  pathScores,
  predictValidity,
  spatialCases,
  trainValidityNetwork,
} from './index.js';

const rooms = spatialCases({ rooms: 12, linksPerRoom: 3 }, Rng.of('rooms'));
const cases = rooms.flat();

describe('random rooms', () => {
  it('have 25 candidates a link, antennas in free space, and depend on their number alone', () => {
    for (const { candidates, link, room } of cases) {
      expect(candidates).toHaveLength(25);
      for (const place of [link.transmitter, link.receiver])
        expect(room.obstacles!.some((obstacle) => isInside(obstacle, place))).toBe(false);
    }
    expect(spatialCases({ rooms: 2, linksPerRoom: 3 }, Rng.of('rooms'))).toEqual(rooms.slice(0, 2));
    expect(() => spatialCases({ rooms: 0, linksPerRoom: 1 }, Rng.of(1))).toThrow('rooms is 0; allowed:');
  });

  it('hold paths that are there and paths that are not', () => {
    const share = mean(cases.flatMap(({ candidates }) => candidates.map(({ valid }) => (valid ? 1 : 0))));
    expect(share).toBeGreaterThan(0.3);
    expect(share).toBeLessThan(0.9);
  });
});

describe('maps', () => {
  it('show the share of the floor that is taken, and both ends of a path', () => {
    const [one] = cases;
    const block = { min: [1, 1, 0] as const, max: [3, 2, 1.5] as const };
    const view = occupancyMap({ size: [10, 10, 3], reflection: 0, obstacles: [block] });
    const area = view.reduce((sum, value) => sum + value, 0) * (10 / 32) ** 2;
    // Half filled 2 m² , to within the cells along the edge of 6 m.
    expect(Math.abs(area - 1)).toBeLessThan(0.5 * 6 * (10 / 64));
    const map = candidateMap(one!, one!.candidates[0]!, occupancyMap(one!.room));
    const ends = map.filter((value, i) => i % 4 === 1 && value > 0);
    expect(ends).toHaveLength(2);
    for (let at = 0; at < map.length; at += 4)
      if (map[at + 1]! > 0) expect(map[at + 2], 'the path ends where the antennas are').toBe(1);
  });
});

describe('scores', () => {
  it('are 1 for the truth, and what the definition says of the baselines', () => {
    const truth = cases.map(({ candidates }) => candidates.map(({ valid }) => valid));
    expect(pathScores(cases, truth)).toEqual({
      precision: 1,
      recall: 1,
      f1: 1,
      delayRmseSec: 0,
      coverage: 1,
    });
    expect(pathScores(cases, cases.map(nearestRoom(cases))).f1).toBe(1);
    const share = mean(truth.flat().map(Number));
    const all = pathScores(cases, cases.map(allValid));
    expect(all.recall).toBe(1);
    expect(all.precision).toBeCloseTo(share, 12);
    expect(all.f1).toBeCloseTo((2 * share) / (1 + share), 12);
    expect(all.delayRmseSec).toBeGreaterThan(0);
    const los = pathScores(cases, cases.map(alwaysLineOfSight));
    expect(los.precision).toBeCloseTo(mean(truth.map(([first]) => Number(first))), 12);
    const none = cases.map(({ candidates }) => candidates.map(() => false));
    expect(pathScores(cases, none)).toEqual({ precision: 0, recall: 0, f1: 0, delayRmseSec: 0, coverage: 0 });
    expect(() => nearestRoom([])).toThrow('0 training links');
  });
});

describe('the network', () => {
  beforeAll(() => useEngine('onnx'));

  it('learns from few rooms: its loss falls, and a prediction is one truth value a candidate', async () => {
    const network = initValidityNetwork(Rng.of(1));
    const { history } = await trainValidityNetwork(network, cases, { steps: 60, rng: Rng.of(2), batch: 32 });
    const losses = history.map(({ loss }) => loss);
    expect(mean(losses.slice(-15))).toBeLessThan(0.9 * mean(losses.slice(0, 15)));
    const predicted = await predictValidity(network, cases.slice(0, 3));
    expect(predicted.map(({ length }) => length)).toEqual([25, 25, 25]);
    disposeTree(network);
    expect(() => trainValidityNetwork(network, [], { steps: 1, rng: Rng.of(1) })).toThrow('0 training links');
  });
});
