import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copyOf, expected, expectOneLine, fixtures } from './testing.js';
import { openV2xSim } from './v2xsim.js';

describe('V2X-Sim', () => {
  const data = openV2xSim(join(fixtures, 'v2xsim'));
  const frame = data.readFrame(0);

  it('has the scene, its agents with the roadside unit last, and its points', () => {
    expect(data.scenarios).toEqual([{ name: 'scene_5', first: 0, frames: 1 }]);
    expect(frame.timeSec).toBe(1.2);
    expect(frame.agents.map(({ id, kind, timeSec }) => [id, kind, timeSec])).toEqual([
      ['1', 'vehicle', 1.2],
      ['0', 'rsu', 1.2],
    ]);
    for (const { cloud } of frame.agents) {
      expect([...cloud.points]).toEqual(
        expected.points_xyzi.flatMap(([x, y, z, i]) => [x, y, z, Math.fround(i! / 255)]),
      );
    }
  });

  it('composes the place of the vehicle with that of the sensor on it', () => {
    const [vehicle, roadside] = frame.agents;
    expect(vehicle!.pose).toEqual({
      x: 30,
      y: 10,
      z: 1.9,
      roll: 0,
      pitch: -0,
      yaw: expect.closeTo(Math.PI / 2, 12),
    });
    expect(roadside!.pose).toEqual({ x: 0, y: 0, z: 5, roll: 0, pitch: -0, yaw: 0 });
    expect(vehicle!.velocity).toEqual([0, 0]);
  });

  it('reads sizes as width, length, height, and the heading of a quaternion', () => {
    expect(frame.objects).toEqual([
      {
        id: 'in',
        kind: 'vehicle.car',
        x: 25,
        y: 20,
        z: 0.8,
        length: 4.6,
        width: 2,
        height: 1.5,
        yaw: expect.closeTo(Math.PI / 2, 12),
        visibility: 0.9,
      },
    ]);
  });

  it('leaves out segmented LiDARs and what lies between samples, and takes velocities from the next sample', () => {
    const { root, edit } = copyOf('v2xsim');
    const add = (table: string, ...records: object[]) =>
      edit(`v2.0/${table}.json`, (text) => JSON.stringify([...(JSON.parse(text) as object[]), ...records]));
    const entry = {
      sample_token: 'sa',
      ego_pose_token: 'ep1',
      calibrated_sensor_token: 'cs1',
      timestamp: 1_200_000,
      filename: 'none',
    };
    add('sensor', { token: 'se2', channel: 'SEMLIDAR_TOP_id_1', modality: 'lidar' });
    add('calibrated_sensor', {
      token: 'cs2',
      sensor_token: 'se2',
      translation: [0, 0, 0],
      rotation: [1, 0, 0, 0],
    });
    add('sample', { token: 'sb', timestamp: 1_400_000, scene_token: 'sc' });
    add('ego_pose', {
      token: 'ep2',
      translation: [31, 12, 0],
      rotation: [Math.SQRT1_2, 0, 0, Math.SQRT1_2],
    });
    add(
      'sample_data',
      { ...entry, calibrated_sensor_token: 'cs2' },
      { ...entry, is_key_frame: false },
      {
        ...entry,
        sample_token: 'sb',
        ego_pose_token: 'ep2',
        timestamp: 1_400_000,
        filename: 'sweeps/LIDAR_TOP_id_1/scene_5_000006.pcd.bin',
      },
    );
    const data = openV2xSim(root);
    expect(data.frameCount).toBe(2);
    expect(data.readFrame(0).agents.map(({ id }) => id)).toEqual(['1', '0']);
    for (const index of [0, 1]) {
      const [vx, vy] = data.readFrame(index).agents[0]!.velocity;
      expect([vx, vy]).toEqual([expect.closeTo(5, 9), expect.closeTo(10, 9)]);
    }
  });

  it('drops points that are no numbers', () => {
    const { root } = copyOf('v2xsim');
    const path = join(root, 'sweeps/LIDAR_TOP_id_1/scene_5_000006.pcd.bin');
    const bytes = readFileSync(path);
    bytes.writeFloatLE(Number.NaN, 20);
    writeFileSync(path, bytes);
    expect(openV2xSim(root).readFrame(0).agents[0]!.cloud.count).toBe(3);
  });
});

describe('hostile V2X-Sim folders', () => {
  const reading = (table: string, change: (text: string) => string) => {
    const { root, edit } = copyOf('v2xsim');
    edit(`v2.0/${table}.json`, change);
    return () => openV2xSim(root).readFrame(0);
  };
  const put = (from: string, to: string) => (text: string) => text.replace(from, to);

  it.each([
    [
      'a way up',
      'sample_data',
      put('sweeps/LIDAR_TOP_id_0', '../../../tmp'),
      /path "..\/..\/..\/tmp\/.*allowed: a path inside/,
    ],
    [
      'an absolute path',
      'sample_data',
      put('sweeps/LIDAR_TOP_id_0', '/tmp'),
      /path "\/tmp\/.*allowed: a path inside/,
    ],
    ['a missing pose', 'ego_pose', put('ep1', 'ep9'), /ego_pose: no record of token "ep1"/],
    [
      'a token of a prototype',
      'sample_data',
      put('"ep1"', '"__proto__"'),
      /ego_pose: no record of token "__proto__"/,
    ],
    [
      'a quaternion that is none',
      'ego_pose',
      put('[1, 0, 0, 0]', '[2, 0, 0, 0]'),
      /record 0: rotation: a quaternion whose length is not 1/,
    ],
    ['a short quaternion', 'ego_pose', put('[1, 0, 0, 0]', '[1, 0, 0]'), /record 0: rotation/],
    ['a negative size', 'sample_annotation', put('4.6', '-4.6'), /record 0: size.1: .*found -4.6/],
    ['a wrong type', 'sample', put('1200000', '{}'), /record 0: timestamp/],
    ['no scene', 'scene', () => '[]', /no scene with samples in v2.0/],
    ['no table', 'sample', () => '', /sample.json: not a JSON list/],
    ['a damaged table', 'sample_annotation', (text: string) => text.slice(0, -9), /record 0: cut off/],
  ])('%s is one line', (_, table, change, words) => {
    expectOneLine(reading(table, change), words);
  });

  it('says so for clouds cut off, huge tables and missing versions', () => {
    const { root } = copyOf('v2xsim');
    const cloud = join(root, 'sweeps/LIDAR_TOP_id_1/scene_5_000006.pcd.bin');
    truncateSync(cloud, 79);
    expectOneLine(
      () => openV2xSim(root).readFrame(0),
      /79 bytes; allowed: a multiple of 20, 5 floats a point/,
    );
    truncateSync(cloud, 2 ** 40);
    expectOneLine(() => openV2xSim(root).readFrame(0), /1099511627776 bytes; allowed/);
    truncateSync(join(root, 'v2.0/sample_data.json'), 2 ** 40);
    expectOneLine(() => openV2xSim(root), /1099511627776 bytes; allowed/);
    expectOneLine(() => openV2xSim(root, { version: 'v3.0' }), /v3.0\/sensor.json: no such file/);
    expectOneLine(() => openV2xSim(root, { version: '../v2.0' }), /allowed: a path inside/);
    expectOneLine(() => openV2xSim(root, { intensityScale: 0 }), /intensity scale is 0/);
  });
});
