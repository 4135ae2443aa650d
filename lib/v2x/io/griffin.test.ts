import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { poseMatrix, rotateVector, transformPoint } from '../geometry/index.js';
import { openGriffin } from './griffin.js';
import { copyOf, expected, expectOneLine, fixtures } from './testing.js';
import { writePcd } from './write-pcd.js';

const tree = 'griffin/griffin_50scenes_25m/griffin-release';
const radians = (degrees: number) => (degrees * Math.PI) / 180;

describe('Griffin', () => {
  const data = openGriffin(join(fixtures, tree), { clouds: 'none' });
  const frame = data.readFrame(0);
  const [vehicle, drone] = frame.agents as [(typeof frame.agents)[0], (typeof frame.agents)[0]];

  it('has the scene, both sides and the time of the frame', () => {
    expect(data.scenarios).toEqual([{ name: 'scene-0026-Town07-001', first: 0, frames: 1 }]);
    expect(frame.agents.map(({ id, kind, cloud }) => [id, kind, cloud.count])).toEqual([
      ['vehicle', 'vehicle', 0],
      ['drone', 'uav', 0],
    ]);
    expect(frame.timeSec).toBeCloseTo(12.3, 12);
  });

  it('composes pose and calibration; roll, pitch and yaw turn about the fixed axes x, y, z', () => {
    expect(vehicle.pose.z).toBeCloseTo(2.3, 12);
    expect(vehicle.pose.yaw).toBeCloseTo(radians(30), 12);
    const { x, y, z, roll, pitch, yaw } = drone.pose;
    expect([x, y, z]).toEqual([105, 55, 25].map((value) => expect.closeTo(value, 12)));
    expect([roll, pitch, yaw]).toEqual([1, -2, 60].map((value) => expect.closeTo(radians(value), 12)));
    // A pitch of -2 degrees lifts the nose, a roll of 1 lifts the left side.
    const matrix = poseMatrix(drone.pose);
    expect(rotateVector(matrix, [1, 0, 0])[2]).toBeCloseTo(Math.sin(radians(2)), 12);
    expect(rotateVector(matrix, [0, 1, 0])[2]).toBeGreaterThan(0);
  });

  it('moves labels to the world, the vehicle first, with the better visibility', () => {
    expect(frame.objects.map(({ id, kind, visibility }) => [id, kind, visibility])).toEqual([
      ['7', 'car', 1],
      ['8', 'pedestrian', 0.1],
    ]);
    const [car] = frame.objects;
    const ego = poseMatrix({ x: 100, y: 50, z: 0.5, roll: 0, pitch: 0, yaw: radians(30) });
    const [x, y, z] = transformPoint(ego, [12, 3, 0.8]);
    expect(car).toMatchObject({ length: 4.5, width: 1.9, height: 1.5 });
    expect([car!.x, car!.y, car!.z]).toEqual([x, y, z].map((value) => expect.closeTo(value, 9)));
    expect(car!.yaw).toBeCloseTo(radians(45), 12);
  });

  it('takes labels without visibility or tilt, drops rows that are no numbers, and objects of the drone alone', () => {
    const { root, edit } = copyOf(tree);
    edit(
      'vehicle-side/label/000123.txt',
      () =>
        'Car 12 3 0.8 4.5 1.9 1.5 0 0 15 7\nbus 1 2 3 8 2 3 90 9\ncar nan 0 0 1 1 1 0 0 0 5 1\ncar 0 -inf 0 1 1 1 0 0 0 6 1\n\n',
    );
    edit(
      'drone-side/label/000123.txt',
      (text) => `${text.replace(' 7 1.0', ' 7 -1')}truck 0 0 -24 8 2 3 0 0 0 11 0.5\n`,
    );
    const { objects } = openGriffin(root, { clouds: 'none' }).readFrame(0);
    expect(objects.map(({ id, kind, visibility }) => [id, kind, visibility])).toEqual([
      ['7', 'car', undefined],
      ['9', 'bus', undefined],
      ['11', 'truck', 0.5],
    ]);
    expect(objects[1]!.yaw).toBeCloseTo(radians(120), 12);
  });

  it('reads clouds of either ending, takes velocities from the frame before, and a side that lacks a frame', () => {
    const { root, edit } = copyOf(tree);
    const release = (name: string) => join(root, name);
    edit('vehicle-side/scene_infos.json', (text) => text.replace('"000123"', '"000123", "000124"'));
    edit(
      'vehicle-side/pose/000124.json',
      () => '{"x": "101", "y": 50.5, "z": 0.5, "roll": 0, "pitch": 0, "yaw": 30}',
    );
    edit('vehicle-side/label/000124.txt', () => '');
    mkdirSync(release('vehicle-side/lidar/lidar_top'), { recursive: true });
    const points = Float32Array.from(expected.points_xyzi.flat());
    writePcd(release('vehicle-side/lidar/lidar_top/000123.pcd'), { count: 4, points });
    writeFileSync(release('vehicle-side/lidar/lidar_top/000124.bin'), points);
    const data = openGriffin(root, { intensityScale: 255, scenes: ['scene-0026-Town07-001'] });
    for (const index of [0, 1]) {
      const { agents } = data.readFrame(index);
      expect(agents.length).toBe(2 - index);
      expect([...agents[0]!.cloud.points]).toEqual(
        [...points].map((v, i) => (i % 4 === 3 ? Math.fround(v / 255) : v)),
      );
      expect(agents[0]!.velocity).toEqual([expect.closeTo(10, 9), expect.closeTo(5, 9)]);
    }
  });
});

describe('hostile Griffin folders', () => {
  const reading = (file: string, change: (text: string) => string) => {
    const { root, edit } = copyOf(tree);
    edit(file, change);
    return () => openGriffin(root, { clouds: 'none' }).readFrame(0);
  };
  const put = (from: string, to: string) => (text: string) => text.replace(from, to);
  const [scenes, pose, label] = [
    'vehicle-side/scene_infos.json',
    'vehicle-side/pose/000123.json',
    'vehicle-side/label/000123.txt',
  ] as const;

  it.each([
    [
      'a way up as a frame',
      scenes,
      put('000123', '../../x'),
      /info.frames.0: a frame number; found "..\/..\/x"/,
    ],
    ['no frames', scenes, put('["000123"]', '[]'), /no scene$/],
    ['a wrong type', scenes, put('["000123"]', '{"__proto__": 1}'), /info.frames: /],
    ['a missing frame', scenes, put('000123', '000999'), /pose\/000999.json: no such file/],
    ['a pose that is none', pose, put('100.0', 'null'), /000123.json: x: /],
    ['an infinite pose', pose, put('100.0', '1e999'), /000123.json: x: /],
    [
      'a scaled calibration',
      'vehicle-side/calib/lidar_top.json',
      put('[1, 0, 0, 0]', '[2, 0, 0, 0]'),
      /lidar_top.json: pose matrix: .* away from a rotation/,
    ],
    [
      'a short matrix',
      'vehicle-side/calib/lidar_top.json',
      put('[1, 0, 0, 0],', ''),
      /lidar_top.json: extrinsic/,
    ],
    ['a row too short', label, () => 'car 1 2 3\n', /row 1 has 4 columns; allowed: 12, 11, 9/],
    ['a word for a number', label, put('12.0', 'twelve'), /row 1 has "twelve"; allowed: numbers/],
    ['a negative size', label, put('4.5', '-4.5'), /row 1: l is -4.5; allowed: a number from 0 to 1000 m/],
    [
      '30,000 rows',
      label,
      () => 'car 1 2 3 1 1 1 0 0 0 1 1\n'.repeat(30_000),
      /30000 rows; allowed: up to 10000/,
    ],
    ['a huge label', label, () => ' '.repeat(5e6), /5000000 bytes; allowed/],
  ])('%s is one line', (_, file, change, words) => {
    expectOneLine(reading(file, change), words);
  });

  it('says which clouds are missing, and what options allow', () => {
    const { root } = copyOf(tree);
    expectOneLine(
      () => openGriffin(root).readFrame(0),
      /lidar_top\/000123: no file with .pcd or .bin; allowed: .*clouds: 'none'/,
    );
    mkdirSync(join(root, 'vehicle-side/lidar/lidar_top'), { recursive: true });
    const cloud = join(root, 'vehicle-side/lidar/lidar_top/000123.bin');
    writeFileSync(cloud, Buffer.alloc(17));
    expectOneLine(() => openGriffin(root).readFrame(0), /17 bytes; allowed: a multiple of 16/);
    truncateSync(cloud, 2 ** 40);
    expectOneLine(() => openGriffin(root).readFrame(0), /1099511627776 bytes; allowed/);
    expectOneLine(() => openGriffin(root, { scenes: ['x'] }), /no scene of those wanted/);
    expectOneLine(
      () => openGriffin(root, { clouds: 'some' as 'none' }),
      /clouds is "some"; allowed: read, none/,
    );
    expectOneLine(() => openGriffin(root, { valuesPerPoint: 3 }), /values per point is 3/);
    rmSync(join(root, 'vehicle-side'), { recursive: true });
    expectOneLine(() => openGriffin(root), /scene_infos.json: no such file/);
  });
});
