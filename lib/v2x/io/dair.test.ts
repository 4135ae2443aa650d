import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { boxCorners, poseMatrix } from '../geometry/index.js';
import { openDair } from './dair.js';
import { readFrameList } from './splits.js';
import { copyOf, expected, expectOneLine, fixtures, scratch } from './testing.js';

const tree = 'dair/cooperative-vehicle-infrastructure';
const root = join(fixtures, tree);

describe('DAIR-V2X-C', () => {
  const frame = openDair(root).readFrame(0);
  const [vehicle, roadside] = frame.agents as [(typeof frame.agents)[0], (typeof frame.agents)[0]];

  it('has both transforms to the world as expected, the offset added to the roadside unit', () => {
    const matrices = [
      [vehicle.truePose, expected.dair_veh_lidar_to_world],
      [roadside.truePose, expected.dair_inf_lidar_to_world_with_offset],
    ] as const;
    for (const [pose, rows] of matrices) {
      const found = [...poseMatrix(pose)];
      // Printed to nine digits after the point.
      for (const [i, value] of rows.flat().entries()) {
        expect(Math.abs(found[i]! - value)).toBeLessThanOrEqual(5.000001e-10);
      }
    }
  });

  it('has the points expected, intensity divided by 256 or else by 255', () => {
    for (const scale of [256, 255] as const) {
      for (const { cloud } of openDair(root, { intensityScale: scale }).readFrame(0).agents) {
        const points = expected.points_xyzi.map(([x, y, z, i]) => [x, y, z, Math.fround(i! / scale)]);
        expect([...cloud.points]).toEqual(points.flat());
      }
    }
    expect(vehicle.cloud.points[11]).toBe(255 / 256);
  });

  it('has the times of both clouds, and objects in the world whose corners are those of the file', () => {
    expect([vehicle.kind, roadside.kind]).toEqual(['vehicle', 'rsu']);
    expect(frame.timeSec).toBe(vehicle.timeSec);
    expect(vehicle.timeSec).toBe(1626155123.496);
    expect(roadside.timeSec - vehicle.timeSec).toBeCloseTo(0.016, 6);
    expect(frame.objects.map(({ kind }) => kind)).toEqual(['car', 'truck']);
    expect(boxCorners(frame.objects[0]!)[1]).toEqual(
      [121.83577209008112, 206.50994729486797, 20.2].map((v) => expect.closeTo(v, 9)),
    );
    expect(boxCorners(frame.objects[1]!)[4]).toEqual(
      [140.28438216044768, 185.81889646303526, 23.6].map((v) => expect.closeTo(v, 9)),
    );
  });

  it('keeps the frames of a split, by batches, with the velocity from one to the next', () => {
    expect(openDair(root, { frames: readFrameList(join(fixtures, 'dair/split.json')) }).scenarios).toEqual([
      { name: '0', first: 0, frames: 1 },
    ]);
    expectOneLine(() => openDair(root, { frames: ['000001'] }), /no pair of frames of those wanted/);
    const copy = copyOf(tree);
    copy.edit(
      'cooperative/data_info.json',
      twice('"vehicle-side/velodyne/015344.pcd"', '"vehicle-side/velodyne/2.pcd"'),
    );
    copy.edit('vehicle-side/data_info.json', (text) =>
      twice(
        '"velodyne/015344.pcd"',
        '"velodyne/2.pcd"',
      )(text).replace(
        /^([\s\S]*)1626155123496000([\s\S]*)novatel_to_world\/015344/,
        '$11626155123596000$2novatel_to_world/2',
      ),
    );
    copy.edit(
      'vehicle-side/calib/novatel_to_world/2.json',
      () => '{"rotation": [[1,0,0],[0,1,0],[0,0,1]], "translation": ["101", [201], 20]}',
    );
    const cloud = copyOf('pcd').root;
    symlinkSync(
      join(copy.root, 'vehicle-side/velodyne/015344.pcd'),
      join(copy.root, 'vehicle-side/velodyne/2.pcd'),
    );
    rmSync(cloud, { recursive: true });
    const data = openDair(copy.root);
    expect(data.frameCount).toBe(2);
    const [first, second] = [0, 1].map((index) => data.readFrame(index));
    const [from, to] = [first!, second!].map(({ agents }) => agents[0]!);
    const speed = (to!.pose.x - from!.pose.x) / (to!.timeSec - from!.timeSec);
    expect(from!.velocity[0]).toBeCloseTo(speed, 6);
    expect(to!.velocity[0]).toBeCloseTo(speed, 6);
  });

  it('takes numbers as texts, any case of the type, no offset and no batch', () => {
    const { root, edit } = copyOf(tree);
    edit('cooperative/label_world/015344.json', (text) =>
      text.replace('"car"', '"CAR"').replace('120.0', '"120.5"').replace('0.3', '"3e-1"'),
    );
    edit('cooperative/data_info.json', (text) => text.replace(/,\s*"system_error_offset": \{[^}]*\}/, ''));
    edit('vehicle-side/data_info.json', (text) =>
      text.replace('"batch_id": "0",', '').replace('"1626155123496000"', '1626155123496000'),
    );
    const data = openDair(root);
    expect(data.scenarios[0]!.name).toBe('all');
    const { objects, agents } = data.readFrame(0);
    expect(objects[0]).toMatchObject({ kind: 'car', x: 120.5, yaw: 0.3 });
    expect(agents[1]!.pose).toMatchObject({ x: 130, y: 210 });
    edit('cooperative/label_world_backup/015344.json', () => '[]');
    expect(openDair(root, { originalLabels: true }).readFrame(0).objects).toEqual([]);
  });
});

/** The list with its record twice, changed the second time. */
function twice(from: string, to: string): (text: string) => string {
  return (text) => {
    const record = text.trim().slice(1, -1);
    return `[${record.replace(from, to)}, ${record}]`;
  };
}

describe('hostile DAIR folders', () => {
  const reading = (file: string, change: (text: string) => string) => {
    const { root, edit } = copyOf(tree);
    edit(file, change);
    return () => openDair(root).readFrame(0);
  };
  const pairs = 'cooperative/data_info.json';
  const labels = 'cooperative/label_world/015344.json';
  const calibration = 'vehicle-side/calib/novatel_to_world/015344.json';
  const side = 'vehicle-side/data_info.json';
  const put = (from: string | RegExp, to: string) => (text: string) => text.replace(from, to);

  it.each([
    [
      'a way up',
      pairs,
      put('cooperative/label_world/015344.json', '../../../etc/passwd'),
      /path "..\/..\/..\/etc\/passwd"; allowed: a path inside/,
    ],
    [
      'an absolute path',
      pairs,
      put('cooperative/label_world/015344.json', '/etc/passwd'),
      /path "\/etc\/passwd"; allowed/,
    ],
    [
      'a backslash',
      pairs,
      put('cooperative/label_world/015344.json', '..\\\\..\\\\x'),
      /allowed: a path inside/,
    ],
    ['a drive', pairs, put('cooperative/label_world/015344.json', 'C:/x'), /allowed: a path inside/],
    ['a zero byte', pairs, put('cooperative/label_world/015344.json', 'a\\u0000b'), /allowed: a path inside/],
    [
      'a path that winds',
      side,
      put('calib/novatel_to_world/015344.json', 'calib/./../../x'),
      /allowed: a path inside/,
    ],
    [
      'an unknown cloud',
      pairs,
      put('velodyne/015344.pcd', 'velodyne/1.pcd'),
      /"vehicle-side\/velodyne\/1.pcd" is not in vehicle-side\/data_info.json/,
    ],
    [
      'a missing calibration',
      side,
      put('novatel_to_world/015344', 'novatel_to_world/1'),
      /novatel_to_world\/1.json: no such file/,
    ],
    ['no list', pairs, () => '{}', /data_info.json: not a JSON list/],
    ['an empty list', pairs, () => ' [ ] ', /no pair of frames/],
    ['a list cut off', pairs, (text: string) => text.slice(0, -30), /record 0: cut off, or longer than/],
    ['a list without end', pairs, (text: string) => text.trim().slice(0, -1), /record 0: neither , nor \]/],
    [
      'a comma too many',
      pairs,
      (text: string) => text.trim().replace(/\]$/, ',]'),
      /record 1: no JSON object/,
    ],
    ['what stands after', pairs, (text: string) => `${text.trim()}[`, /something stands after the JSON list/],
    ['a list of numbers', pairs, () => `[${'0,'.repeat(1e6)}0]`, /record 0: no JSON object/],
    ['a deep list', pairs, () => '['.repeat(4e6), /record 0: no JSON object/],
    ['a deep record', pairs, () => `[{"a":${'['.repeat(4e6)}`, /record 0: nested deeper than 20/],
    [
      'an endless text',
      pairs,
      () => `[{"a":"${'a'.repeat(4e6)}`,
      /record 0: cut off, or longer than 524288 bytes/,
    ],
    ['a wrong type', labels, put('0.3', '{}'), /record 0: rotation: /],
    ['no number', labels, put('0.3', 'NaN'), /record 0: no JSON: /],
    ['a text that is no number', labels, put('0.3', '"0x1f"'), /record 0: rotation: .*found "0x1f"/],
    ['a negative size', labels, put('4.4', '-4.4'), /record 0: 3d_dimensions.l: .*found -4.4/],
    [
      'a mirror',
      calibration,
      put('[0, 0, 1]', '[0, 0, -1]'),
      /frame 015344: pose matrix: 2.00 away from a rotation/,
    ],
    ['a short row', calibration, put('[0, 0, 1]', '[0, 0]'), /novatel_to_world\/015344.json: rotation.2/],
    ['a long translation', calibration, put('[[100.0], ', '[[1], [100.0], '), /translation: /],
    ['a huge calibration', calibration, () => ' '.repeat(5e6), /5000000 bytes; allowed: 0 to 1048576/],
    ['no JSON', calibration, () => '{"rotation": }', /novatel_to_world\/015344.json: no JSON: /],
  ])('%s is one line', (_, file, change, words) => {
    expectOneLine(reading(file, change), words);
  });

  it('opens nothing through a link that leads out', () => {
    const { root } = copyOf(tree);
    const secret = join(scratch(), 'secret.json');
    writeFileSync(secret, '[]');
    const label = join(root, 'cooperative/label_world/015344.json');
    rmSync(label);
    symlinkSync(secret, label);
    expectOneLine(
      () => openDair(root).readFrame(0),
      /label_world\/015344.json: a link that leads out of the folder/,
    );
    expectOneLine(
      () => openDair(root, { intensityScale: 100 as 255 }),
      /intensity scale is 100; allowed: 255, 256/,
    );
  });

  it('leaves the prototypes alone', () => {
    reading(labels, (text) => text.replace('"type"', '"__proto__": {"polluted": 1}, "type"'))();
    reading(pairs, (text) =>
      text.replace('"vehicle_image_path"', '"constructor": {"prototype": {"polluted": 1}}, "v"'),
    )();
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});
