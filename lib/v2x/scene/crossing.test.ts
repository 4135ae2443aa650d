import { describe, expect, it } from 'vitest';
import { InputError } from '../../base/index.js';
import { Rng, variance } from '../../math/index.js';
import {
  boxContains,
  boxFootprint,
  footprintsOverlap,
  poseMatrix,
  transformCloud,
  transformPoint,
} from '../geometry/index.js';
import type { Frame } from '../types.js';
import { type CrossingFrame, type CrossingOptions, crossing, occlusion, visibleObjects } from './index.js';
import { lanePath } from './layout.js';

const make = (seed: number, options: Omit<CrossingOptions, 'rng'> = {}) =>
  crossing({ rng: Rng.of(seed), ...options });

/** Everything of a frame that a stream decides, as text. */
const print = ({ objects, agents }: Frame, poses = true) =>
  JSON.stringify([
    objects,
    agents.map(({ cloud, pose, ...rest }) => [
      rest,
      Array.from(cloud.points.subarray(0, 400)),
      poses && pose,
    ]),
  ]);

describe('the scene', () => {
  it('has what an urban crossing has', () => {
    for (const seed of [1, 2, 3]) {
      const scene = make(seed);
      const { objects, agents } = scene.frame(0);
      expect(scene.frameCount).toBe(60);
      expect(scene.fixtures.filter(({ kind }) => kind === 'building')).toHaveLength(4);
      expect(scene.fixtures.length).toBeGreaterThanOrEqual(28);
      expect(agents.map(({ id }) => id)).toEqual(['cav0', 'cav1', 'cav2']);
      const cars = objects.filter(({ id }) => id.startsWith('car'));
      expect(cars.length).toBeGreaterThanOrEqual(20);
      expect(cars.length).toBeLessThanOrEqual(26);
      const speeds = cars.map(({ velocity }) => Math.hypot(...velocity!));
      expect(speeds.filter((speed) => speed === 0)).toHaveLength(Math.round(0.3 * cars.length));
      for (const speed of speeds.filter((value) => value > 0)) {
        expect(speed).toBeGreaterThanOrEqual(4 - 1e-9);
        expect(speed).toBeLessThan(14);
      }
    }
  });

  it('keeps vehicles on the area, apart from each other and out of buildings', () => {
    for (const seed of [1, 2]) {
      const scene = make(seed, { trucks: 2, lidar: { beams: 1, azimuths: 8 } });
      const buildings = scene.fixtures.filter(({ kind }) => kind === 'building');
      for (let index = 0; index < scene.frameCount; index += 3) {
        const { objects } = scene.frame(index);
        for (const [n, a] of objects.entries()) {
          expect(Math.max(Math.abs(a.x), Math.abs(a.y))).toBeLessThan(52.1);
          const other = [...objects.slice(0, n), ...buildings].find((b) => footprintsOverlap(a, b));
          expect(other).toBeUndefined();
        }
      }
    }
  });

  it.each(['straight', 'left', 'right'] as const)('keeps connected vehicles on it, going %s', (egoTurn) => {
    for (let seed = 1; seed <= 20; seed++) {
      const scene = make(seed, { egoTurn, cars: 0, lidar: { beams: 1, azimuths: 8 } });
      for (const { truePose } of scene.frame(scene.frameCount - 1).agents)
        expect(Math.max(Math.abs(truePose.x), Math.abs(truePose.y))).toBeLessThan(50);
    }
  });

  it('moves every vehicle by its velocity, and gives one that returns another name', () => {
    const scene = make(5, { seconds: 12, lidar: { beams: 1, azimuths: 8 } });
    const [first, last] = [scene.frame(0), scene.frame(119)];
    const before = scene.frame(118);
    for (const object of last.objects) {
      const old = before.objects.find(({ id }) => id === object.id);
      if (old === undefined) continue;
      expect(object.x - old.x).toBeCloseTo(0.1 * old.velocity![0], 9);
      expect(object.y - old.y).toBeCloseTo(0.1 * old.velocity![1], 9);
    }
    const names = new Set(first.objects.map(({ id }) => id));
    const returned = last.objects.filter(({ id }) => !names.has(id));
    expect(returned.length).toBeGreaterThan(3);
    for (const { id } of returned) expect(names.has(id.split('~')[0]!)).toBe(true);
  });

  it('lasts a minute with vehicles that come and go, apart from each other', () => {
    const scene = make(101, { seconds: 60, cars: 22, lidar: { beams: 1, azimuths: 8 } });
    const frames = Array.from({ length: 30 }, (_, index) => scene.frame(20 * index + 7));
    for (const { objects } of frames) {
      expect(new Set(objects.map(({ id }) => id)).size).toBe(objects.length);
      expect(objects.length).toBeGreaterThan(18);
      for (const [place, one] of objects.entries())
        for (const other of objects.slice(place + 1)) expect(footprintsOverlap(one, other)).toBe(false);
      expect(objects.slice(0, 3).map(({ id }) => id)).toEqual(['cav0', 'cav1', 'cav2']);
    }
    expect(new Set(frames.flatMap(({ objects }) => objects.map(({ id }) => id))).size).toBeGreaterThan(50);
  });

  it('plans the route that the ego then drives', () => {
    for (const egoTurn of ['straight', 'left', 'right'] as const) {
      const scene = make(2, { egoTurn, lidar: { beams: 1, azimuths: 8 } });
      const route = scene.frame(0).agents[0]!.route!;
      for (const index of [10, 30, 59]) {
        const { x, y } = scene.frame(index).agents[0]!.truePose;
        const nearest = Math.min(...route.map(([rx, ry]) => Math.hypot(rx - x, ry - y)));
        expect(nearest).toBeLessThan(1.01);
      }
    }
  });

  it.each(['straight', 'left', 'right'] as const)(
    'leads a lane %s without a kink, a metre a metre',
    (turn) => {
      const path = lanePath(0.5, 5.25, turn);
      for (let metre = -30; metre < 40; metre += 0.25) {
        const [here, next] = [path(metre), path(metre + 0.01)];
        expect(Math.hypot(next.x - here.x, next.y - here.y)).toBeCloseTo(0.01, 5);
        expect(Math.atan2(next.y - here.y, next.x - here.x)).toBeCloseTo(
          Math.atan2(Math.sin(here.yaw), Math.cos(here.yaw)),
          2,
        );
      }
      const end = { straight: 0, left: Math.PI / 2, right: -Math.PI / 2 }[turn];
      expect(path(40).yaw).toBeCloseTo(0.5 + end, 9);
    },
  );
});

describe('sensing', () => {
  const scene = make(7, { rsu: {}, uav: {}, trucks: 1 });
  const frame = scene.frame(20);

  it('labels points by the object they lie on', () => {
    for (const { cloud, truePose } of frame.agents) {
      const world = transformCloud(poseMatrix(truePose), cloud);
      let ground = 0;
      for (let n = 0; n < cloud.count; n++) {
        const [x, y, z] = world.points.subarray(4 * n, 4 * n + 3) as unknown as [number, number, number];
        const hit = cloud.hits![n]!;
        if (hit === -1 && Math.abs(z) < 0.12) ground++;
        const box = frame.objects[hit];
        if (!box) continue;
        const skin = {
          ...box,
          length: box.length + 0.25,
          width: box.width + 0.25,
          height: box.height + 0.25,
        };
        if (!boxContains(skin, [x, y, z])) expect.unreachable(`point ${n} of ${box.id} lies beside it`);
      }
      expect(ground).toBe(cloud.hits!.filter((hit) => hit === -1).length);
    }
  });

  it('looks at roofs from the UAV, and at the crossing from the road-side unit', () => {
    const uav = frame.agents.find(({ kind }) => kind === 'uav')!;
    const world = transformCloud(poseMatrix(uav.truePose), uav.cloud);
    const onRoofs = Array.from(uav.cloud.hits!.keys()).filter((n) => {
      const box = frame.objects[uav.cloud.hits![n]!];
      return box && Math.abs(world.points[4 * n + 2]! - box.height) < 0.1;
    });
    expect(onRoofs.length).toBeGreaterThan(100);
    const rsu = frame.agents.find(({ kind }) => kind === 'rsu')!;
    const ahead = transformPoint(poseMatrix(rsu.truePose), [Math.hypot(10.5, 10.5), 0, 0]);
    expect(Math.hypot(ahead[0], ahead[1])).toBeLessThan(0.1);
    expect(ahead[2]).toBeLessThan(5);
  });

  it('looks past the pole that carries the road-side unit', () => {
    const { agents } = make(2010, { seconds: 0.1, cars: 0, rsu: {} }).frame(0);
    const { count, points } = agents.find(({ kind }) => kind === 'rsu')!.cloud;
    const ranges = Array.from({ length: count }, (_, n) => Math.hypot(...points.subarray(4 * n, 4 * n + 3)));
    expect(Math.min(...ranges)).toBeGreaterThan(3);
  });

  it('takes as ground truth what somebody has a point of, without the agents', () => {
    const truth = visibleObjects(frame);
    const wanted = frame.objects.filter(
      ({ id }, place) =>
        !id.startsWith('cav') && frame.agents.some(({ cloud }) => cloud.hits!.includes(place)),
    );
    expect(truth).toEqual(wanted);
    expect(visibleObjects(frame, 20).length).toBeLessThan(truth.length);
    const bare = frame.agents.map(({ cloud: { count, points }, ...agent }) => ({
      ...agent,
      cloud: { count, points },
    }));
    expect(visibleObjects({ ...frame, agents: bare })).toHaveLength(frame.objects.length - 3);
  });

  it('says how much of an object others hide', () => {
    const street = make(8);
    const shares: number[] = [];
    for (const index of [0, 30]) {
      const at = street.frame(index);
      for (const place of at.objects.keys()) {
        const visible = at.agents.map((_, agent) => 1 - occlusion(at, agent, place));
        expect(at.objects[place]!.visibility).toBeCloseTo(Math.max(...visible), 12);
        shares.push(...visible);
      }
    }
    expect(Math.min(...shares)).toBe(0);
    expect(Math.max(...shares)).toBe(1);
    expect(shares.some((share) => share > 0.05 && share < 0.95)).toBe(true);
  });
});

describe('streams', () => {
  it('give the same scene bit for bit, whatever was asked before', () => {
    const options = { seconds: 2, rsu: {}, uav: { beams: 16 } };
    const again = make(1, options);
    again.frame(3);
    expect(print(again.frame(17))).toBe(print(make(1, options).frame(17)));
    expect(print(again.frame(17))).not.toBe(print(make(2, options).frame(17)));
    expect(print([...again.frames()][17]!)).toBe(print(again.frame(17)));
  });

  it('keep everything else when pose noise, agents, beams or clocks change', () => {
    const plain = make(1).frame(9);
    const noisy = make(1, { poseNoise: { xyMeters: 0.4, yawDeg: 0.4 } }).frame(9);
    expect(print(noisy, false)).toBe(print(plain, false));
    expect(print(noisy)).not.toBe(print(plain));
    const bytes = ({ agents }: Frame) => Buffer.from(agents[1]!.cloud.points.buffer);
    const more = make(1, { rsu: {}, uav: {}, clock: { offsetSec: 0.01 }, egoBeams: 4 }).frame(9);
    expect(Buffer.compare(bytes(more), bytes(plain))).toBe(0);
    const boxes = ({ objects }: CrossingFrame) => objects.map(({ visibility: _, ...box }) => box);
    expect(boxes(more)).toEqual(boxes(plain));
  });
});

describe('the UAV', () => {
  const flown = (altitudeMeters: number) =>
    [
      ...make(4, { cars: 0, uav: { altitudeMeters, beams: 1 }, lidar: { beams: 1, azimuths: 8 } }).frames(),
    ].map(({ agents }) => agents.at(-1)!);

  it('stays over the crossing for a minute, and moves by its velocity', () => {
    const scene = make(4, {
      ...{ cars: 0, cavs: 1, seconds: 60 },
      ...{ uav: { beams: 1 }, lidar: { beams: 1, azimuths: 8 } },
    });
    const [first, ...rest] = [...scene.frames()].map(({ agents }) => agents.at(-1)!);
    let [before, turns] = [first!, 0];
    for (const now of rest) {
      const step = [now.truePose.x - before.truePose.x, now.truePose.y - before.truePose.y] as const;
      expect(Math.max(Math.abs(now.truePose.x), Math.abs(now.truePose.y))).toBeLessThanOrEqual(25);
      if (now.velocity.join() !== before.velocity.join()) turns++;
      else for (const axis of [0, 1] as const) expect(step[axis]).toBeCloseTo(0.1 * now.velocity[axis], 9);
      before = now;
    }
    expect(turns).toBeGreaterThan(0);
  });

  it('shakes by its tilt, within 4 standard errors', () => {
    const tilts = flown(40).flatMap(({ truePose }) => [truePose.roll, truePose.pitch]);
    const deviation = (2 * Math.PI) / 180;
    expect(Math.abs(variance(tilts) / deviation ** 2 - 1)).toBeLessThan(4 * Math.sqrt(2 / tilts.length));
  });

  it('knows its place the worse the higher it flies', () => {
    const misses = (altitude: number) => flown(altitude).map(({ pose, truePose }) => pose.x - truePose.x);
    const [low, high] = [misses(20), misses(60)];
    for (const [n, miss] of low.entries()) expect(high[n]).toBeCloseTo(3 * miss, 9);
    expect(Math.abs(variance(high) / 0.3 ** 2 - 1)).toBeLessThan(4 * Math.sqrt(2 / high.length));
  });
});

describe('options', () => {
  it('outside their ranges give one line', () => {
    const faults: Omit<CrossingOptions, 'rng'>[] = [
      { seconds: 0 },
      { seconds: Number.NaN },
      { cars: 41 },
      { cars: 2.5 },
      { parkedShare: -0.1 },
      { trucks: 7 },
      { cavs: 0 },
      { cavs: 5 },
      { egoTurn: 'back' as 'left' },
      { egoBeams: 0 },
      { lidar: { beams: 1000 } },
      { rsu: { heightMeters: 1 } },
      { uav: { altitudeMeters: 5 } },
      { uav: { elevationDeg: [-95, -30] } },
      { poseNoise: { xyMeters: -1 } },
      { poseNoise: { distribution: 'uniform' as 'laplace' } },
      { clock: { lagSec: 2 } },
    ];
    for (const options of faults) expect(() => make(1, options), JSON.stringify(options)).toThrow(InputError);
    expect(() => make(1, { cavs: 5 })).toThrow('cavs is 5; allowed: an integer from 1 to 4');
    expect(() => make(1).frame(60)).toThrow('frame is 60; allowed: an integer from 0 to 59');
  });

  it('that ask for more vehicles than fit give one line', () => {
    expect(() => make(102, { cars: 40, parkedShare: 1, seconds: 1 })).toThrow(
      /no free place among \d+ vehicles/,
    );
  });

  it('with which the RSU and fixtures do not collide', () => {
    for (const seed of [1, 2, 3]) {
      for (const box of make(seed).fixtures.filter(({ kind }) => kind === 'building')) {
        for (const [x, y] of boxFootprint(box))
          expect(Math.min(Math.abs(x), Math.abs(y))).toBeGreaterThan(12.9);
      }
    }
  });
});
