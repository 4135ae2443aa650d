import { cpSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxFootprint, poseMatrix, transformPoint } from '../geometry/index.js';
import { carlaBox, carlaPose } from './carla.js';
import { openOpv2v } from './opv2v.js';
import { copyOf, expectOneLine, fixtures, scratch } from './testing.js';

const SCENARIO = '2021_09_09_13_20_58';
const radians = (degrees: number) => (degrees * Math.PI) / 180;
type Vector = readonly [number, number, number];

/** CARLA's own rotation, as its documentation has it: a place of the actor's left-handed frame in the left-handed world. */
function carlaTurn([roll, yaw, pitch]: Vector, [x, y, z]: Vector): Vector {
  const [cr, sr] = [Math.cos(radians(roll)), Math.sin(radians(roll))];
  const [cy, sy] = [Math.cos(radians(yaw)), Math.sin(radians(yaw))];
  const [cp, sp] = [Math.cos(radians(pitch)), Math.sin(radians(pitch))];
  return [
    cp * cy * x + (cy * sp * sr - sy * cr) * y + (-cy * sp * cr - sy * sr) * z,
    sy * cp * x + (sy * sp * sr + cy * cr) * y + (-sy * sp * cr + cy * sr) * z,
    sp * x - cp * sr * y + cp * cr * z,
  ];
}

describe('OPV2V and V2XSet', () => {
  const data = openOpv2v(join(fixtures, 'v2xset/test'));

  it('lists the scenario and reads its frame: ego first, roadside unit last', () => {
    expect(data.scenarios).toEqual([{ name: SCENARIO, first: 0, frames: 1 }]);
    const frame = data.readFrame(0);
    expect(frame.agents.map(({ id, kind }) => [id, kind])).toEqual([
      ['641', 'vehicle'],
      ['-1', 'rsu'],
    ]);
    expect(frame.objects.map(({ id }) => id)).toEqual(['700']);
  });

  it('turns poses, boxes, points and speeds into right-handed metres, radians and m/s', () => {
    const { agents, objects } = data.readFrame(0);
    const [ego, roadside] = agents as [(typeof agents)[0], (typeof agents)[0]];
    expect(ego.truePose).toEqual({ x: 10, y: -5, z: 1.9, roll: 0, pitch: 0, yaw: -Math.PI / 2 });
    expect(ego.pose).toEqual(ego.truePose);
    // 18 km/h, heading east-south-east of nothing: straight to the right of CARLA's x.
    expect(ego.velocity[0]).toBeCloseTo(0, 12);
    expect(ego.velocity[1]).toBeCloseTo(-5, 12);
    // A pitch of -10 degrees lowers the nose there; a positive one does here.
    expect(roadside.truePose).toEqual({ x: 20, y: 5, z: 5, roll: 0, pitch: radians(10), yaw: 0 });
    const [object] = objects;
    expect(object).toMatchObject({ kind: 'vehicle', x: 15, y: -12, length: 4.6, width: 2, height: 1.5 });
    expect(object!.z).toBeCloseTo(0.78, 12);
    expect(object!.yaw).toBeCloseTo(-Math.PI / 4, 12);
    expect(object!.velocity![0]).toBeCloseTo((20 / 3.6) * Math.SQRT1_2, 12);
    expect(object!.velocity![1]).toBeCloseTo((-20 / 3.6) * Math.SQRT1_2, 12);
    const red = [245, 100].map((value) => Math.fround(value / 255));
    expect([...ego.cloud.points]).toEqual([10, 0, -1.5, red[0], 5, -1, -1, red[1]]);
  });

  it('puts a point that lies on a box before the conversion on the box after it', () => {
    const angle = fc.double({ min: -180, max: 180, noNaN: true });
    const place = fc.tuple(
      ...[0, 1, 2].map(() => fc.double({ min: -100, max: 100, noNaN: true })),
    ) as fc.Arbitrary<[number, number, number]>;
    fc.assert(
      fc.property(
        place,
        fc.tuple(angle, angle, fc.double({ min: -89, max: 89, noNaN: true })),
        place,
        angle,
        (sensor, angles, location, yaw) => {
          const extent = [2.3, 1, 0.75] as const;
          const center = [0.1, -0.2, 0.75] as const;
          // The box's front right corner below, and where the sensor sees it, all in CARLA's frames.
          const corner = carlaTurn([0, yaw, 0], [extent[0], extent[1], -extent[2]]).map(
            (value, i) => value + location[i]! + center[i]!,
          );
          const offset = corner.map((value, i) => value - sensor[i]!);
          const columns = (
            [
              [1, 0, 0],
              [0, 1, 0],
              [0, 0, 1],
            ] as const
          ).map((axis) => carlaTurn(angles, axis));
          const seen = columns.map((column) => column.reduce((sum, value, i) => sum + value * offset[i]!, 0));
          const pose = carlaPose(...sensor, ...angles);
          const world = transformPoint(poseMatrix(pose), [seen[0]!, -seen[1]!, seen[2]!]);
          const box = carlaBox(location, center, extent, yaw);
          // Right of the heading is right in both worlds.
          const [x, y] = boxFootprint(box)[0]!;
          expect(world[0]).toBeCloseTo(x, 9);
          expect(world[1]).toBeCloseTo(y, 9);
          expect(world[2]).toBeCloseTo(box.z - box.height / 2, 9);
        },
      ),
    );
  });

  it('orders many scenarios, agents and frames, and takes no other YAML for a frame', () => {
    const { root, edit } = copyOf('v2xset/test');
    const agent = join(root, SCENARIO, '641');
    cpSync(agent, join(root, SCENARIO, '1045'), { recursive: true });
    cpSync(agent, join(root, SCENARIO, '-2'), { recursive: true });
    for (const ending of ['yaml', 'pcd']) cpSync(`${agent}/000068.${ending}`, `${agent}/000070.${ending}`);
    edit(`${SCENARIO}/641/000068_additional.yaml`, () => 'a: 1\n');
    edit(`${SCENARIO}/data_protocol.yaml`, () => 'a: 1\n');
    mkdirSync(join(root, 'notes'));
    cpSync(join(root, SCENARIO), join(root, '2022'), { recursive: true });
    renameSync(join(root, '2022/1045'), join(root, '2022/9'));
    const data = openOpv2v(root);
    expect(data.scenarios).toEqual([
      { name: SCENARIO, first: 0, frames: 1 },
      { name: '2022', first: 1, frames: 2 },
    ]);
    const ids = (index: number) => data.readFrame(index).agents.map(({ id }) => id);
    // The first folder as text is the ego, and its files say which frames there are.
    expect(ids(0)).toEqual(['1045', '641', '-1', '-2']);
    expect(ids(1)).toEqual(['641', '9', '-1', '-2']);
    expect(ids(2)).toEqual(['641']);
    expect(data.readFrame(2).timeSec).toBe(0.1);
    expectOneLine(() => data.readFrame(3), /OPV2V: frame is 3; allowed: an integer from 0 to 2/);
  });

  it('takes numbers that are texts, flow style, a route and no vehicles', () => {
    const { root, edit } = copyOf('v2xset/test');
    edit(
      `${SCENARIO}/641/000068.yaml`,
      () =>
        'lidar_pose: ["1e1", 5, 1.9, 0, 90, 0]\nplan_trajectory: [[1, 2, 30], [3, -4, 30]]\nvehicles: {}\n',
    );
    const [ego] = openOpv2v(root).readFrame(0).agents;
    expect(ego).toMatchObject({ velocity: [0, -0], truePose: { x: 10, y: -5 } });
    expect(ego!.route).toEqual([
      [1, -2],
      [3, 4],
    ]);
  });
});

describe('hostile OPV2V folders', () => {
  const path = `${SCENARIO}/641/000068.yaml`;
  const reading = (change: (text: string) => string) => {
    const { root, edit } = copyOf('v2xset/test');
    edit(path, change);
    const data = openOpv2v(root);
    return () => data.readFrame(0);
  };
  const bomb = `a: &a [1]\n${Array.from({ length: 60 }, (_, i) => `b${i}: &b${i} [${'*a, '.repeat(9)}*a]`).join('\n')}\n`;

  it.each([
    [
      'a value of a wrong type',
      (text: string) => text.replace('speed: 20.0', 'speed: fast'),
      /vehicles.700.speed: .*found "fast"/,
    ],
    ['a number that is none', (text: string) => text.replace('- 10.0', '- .nan'), /lidar_pose.0: /],
    ['an infinite number', (text: string) => text.replace('- 10.0', '- .inf'), /lidar_pose.0: /],
    ['a list that is too short', (text: string) => text.replace('- 10.0\n', ''), /lidar_pose.5: /],
    ['a negative size', (text: string) => text.replace('- 2.3', '- -2.3'), /extent.0: .*found -2.3/],
    ['no lidar_pose', () => 'vehicles: {}\n', /lidar_pose: /],
    ['no mapping', () => '- 1\n', /expected object/],
    ['an empty file', () => '', /no YAML/],
    ['two documents', (text: string) => `${text}---\n${text}`, /no YAML: expected a single document/],
    ['a tag', () => 'lidar_pose: !!python/object/apply:os.system ["ls"]\n', /no YAML/],
    ['no YAML', () => 'a: [1, 2\nb: }\n', /no YAML/],
    ['deep nesting', () => '['.repeat(500_000), /no YAML: nesting exceeded/],
    ['deep block nesting', () => '- '.repeat(250_000), /no YAML: nesting exceeded/],
    ['deep keys', () => '? '.repeat(250_000), /no YAML: nesting exceeded/],
    ['many aliases', () => bomb, /no YAML: .*alias/],
    ['a huge file', () => 'a'.repeat(2 ** 22), /4194304 bytes; allowed: 0 to 524288/],
  ])('%s is one line', (_, change, words) => {
    expectOneLine(reading(change), words);
  });

  it('leaves the prototypes alone', () => {
    const evil =
      'lidar_pose: [0, 0, 0, 0, 0, 0]\n__proto__: {polluted: 1}\nconstructor: {prototype: {polluted: 1}}\nvehicles: {}\n';
    expect(reading(() => evil)().objects.map(({ id }) => id)).toEqual(['700']);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    const vehicle = '{angle: [0, 0, 0], center: [0, 0, 0], extent: [1, 1, 1], location: [0, 0, 0]}';
    const named = reading(
      () => `lidar_pose: [0, 0, 0, 0, 0, 0]\nvehicles:\n  __proto__: ${vehicle}\n  constructor: ${vehicle}\n`,
    )();
    // A key that would set a prototype is left out; any other name is a name.
    expect(named.objects.map(({ id, x }) => [id, x])).toEqual([
      ['constructor', 0],
      ['700', 15],
    ]);
  });

  it('opens nothing outside the folder, and says what is missing', () => {
    const { root } = copyOf('v2xset/test');
    const secret = join(scratch(), 'secret.yaml');
    writeFileSync(secret, 'lidar_pose: [1, 2, 3, 4, 5, 6]\n');
    const agent = join(root, SCENARIO, '77');
    mkdirSync(agent);
    symlinkSync(secret, join(agent, '000068.yaml'));
    expectOneLine(
      () => openOpv2v(root).readFrame(0),
      /77\/000068.yaml: a link that leads out of the folder; not opened/,
    );
    expectOneLine(() => openOpv2v(join(root, SCENARIO)), /no scenario; allowed: a folder of/);
    expectOneLine(() => openOpv2v(join(root, 'none')), /no such file or folder/);
    expectOneLine(() => openOpv2v(secret), /not a folder/);
    expectOneLine(() => openOpv2v(root, { frameSec: 0 }), /seconds between frames is 0/);
    const whole = copyOf('v2xset/test');
    renameSync(join(whole.root, SCENARIO, '641/000068.pcd'), join(whole.root, 'away'));
    expectOneLine(() => openOpv2v(whole.root).readFrame(0), /641\/000068.pcd: no such file/);
  });
});
