import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { InputError } from '../../base/index.js';
import { withinSec } from '../../base/testing.js';
import { parseEsp32Csv, readCsiNpz, readEsp32Csv } from './esp32.js';
import { intel5300Recording, intel5300Scale, parseIntel5300, readIntel5300 } from './intel5300.js';
import { amplitudes } from './recording.js';
import { handmadeLog, sharedCsi } from './testing.js';

const folder = mkdtempSync(join(tmpdir(), 'csi-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const wide = {
  receive: 3,
  transmit: 2,
  permutation: [1, 2, 0],
  rssi: [33, 28, 0],
  noiseDbm: -90,
};

/** Runs `read`, which has to fail with one line within a second. */
function lineOf(read: () => unknown): string {
  try {
    withinSec(1, read);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).not.toContain('\n');
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
}

describe('Intel 5300 logs', () => {
  // Values of csiread 1.4.1 for the same bytes: [receive, transmit, subcarrier, re, im], then scaled.
  const golden = [
    {
      record: wide,
      raw: [
        [0, 0, 0, -101, -14],
        [2, 1, 29, 122, -47],
        [1, 0, 17, 94, -75],
      ],
      scaled: [-40.7383830937055, -5.646904587246307, 49.20873997457496, -18.957465400041173],
    },
    {
      record: { receive: 2, transmit: 1, permutation: [1, 0], rssi: [0, 41, 35], noiseDbm: -127 },
      raw: [
        [0, 0, 0, 92, -77],
        [1, 0, 29, -86, 1],
        [1, 0, 17, 94, -75],
      ],
      scaled: [61.725173268240304, -51.66128632233156, -57.699618489876805, 0.6709257963939164],
    },
    {
      record: { receive: 3, transmit: 3, permutation: [0, 1, 2], rssi: [30, 31, 32], noiseDbm: -127 },
      raw: [
        [0, 0, 0, 29, 116],
        [2, 2, 29, 74, -95],
        [1, 0, 17, -99, -12],
      ],
      scaled: [13.476366087678766, 53.905464350715064, 34.38796863752513, -44.14671649412009],
    },
  ];
  it.each(golden)(
    'agree with csiread for $record.receive x $record.transmit antennas',
    ({ record, raw, scaled }) => {
      const [packet] = parseIntel5300(handmadeLog(record), 'x');
      expect(packet).toMatchObject({ count: 9, timestampMicros: 123456, agcDb: 40, rateFlags: 0x1101 });
      const place = (r: number, t: number, s: number) => 2 * ((r * record.transmit + t) * 30 + s);
      for (const [r, t, s, re, im] of raw as [number, number, number, number, number][]) {
        const at = place(r, t, s);
        expect([packet!.csi[at], packet!.csi[at + 1]]).toEqual([re, im]);
      }
      const { values } = intel5300Recording([packet!]);
      const last = place(record.receive - 1, record.transmit - 1, 29);
      const ours = [values[0]!, values[1]!, values[last]!, values[last + 1]!];
      // Single precision of a value below 128.
      ours.forEach((value, index) => {
        expect(Math.abs(value - scaled[index]!)).toBeLessThan(1e-5);
      });
    },
  );

  it('pass over records of other codes', () => {
    const other = Buffer.from([0, 4, 0xc1, 1, 2, 3]);
    expect(parseIntel5300(Buffer.concat([other, handmadeLog(wide), other]), 'x').length).toBe(1);
  });

  it('that are hostile get one clear line', () => {
    const log = handmadeLog(wide);
    const changed = (at: number, value: number) => {
      const copy = Buffer.from(log);
      copy[at] = value;
      return copy;
    };
    const line = (bytes: Buffer) => lineOf(() => parseIntel5300(bytes, 'x'));
    expect(line(Buffer.alloc(0))).toContain('no CSI record');
    expect(line(Buffer.alloc(100))).toContain('record of length 0 at byte 0');
    expect(line(log.subarray(0, 200))).toBe('x: cut off in the record at byte 0, after 0 packets');
    expect(line(Buffer.concat([log, log.subarray(0, 1)]))).toContain('after 1 packets');
    expect(line(changed(0, 255))).toContain('cut off');
    expect(line(changed(11, 200))).toContain('200 x 2 antennas; allowed: 1 to 3');
    expect(line(changed(11, 2))).toContain('stated');
    expect(line(changed(19, 0))).toContain('stated');
    expect(line(Buffer.from([0, 5, 0xbb, 1, 2, 3, 4]))).toContain('4 bytes; allowed: 20 or more');
    const mute = parseIntel5300(handmadeLog({ ...wide, rssi: [0, 0, 0] }), 'x');
    expect(lineOf(() => intel5300Recording(mute))).toContain('cannot be scaled');
    const narrow = parseIntel5300(handmadeLog({ ...wide, transmit: 1 }), 'x');
    const both = [...parseIntel5300(log, 'x'), ...narrow];
    expect(lineOf(() => intel5300Recording(both))).toContain('3 x 1 antennas; allowed: 3 x 2');
    expect(lineOf(() => readIntel5300(join(folder, 'none')))).toContain('no such file');
  });

  it('of any bytes are read or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        try {
          parseIntel5300(Buffer.from(bytes), 'x');
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  const log = sharedCsi('intel5300/sample_0x5_64_3000.dat');
  it.skipIf(!log)('of a real card agree with csiread (skipped where ../shared/data is absent)', () => {
    const packets = readIntel5300(log!);
    expect(packets.length).toBe(2998);
    expect(packets[0]).toMatchObject({ receive: 3, transmit: 1, rssi: [36, 23, 20], agcDb: 63, count: 1 });
    const last = packets[2997]!;
    expect(last).toMatchObject({ timestampMicros: 43120066, agcDb: 60, permutation: [0, 2, 1] });
    expect([0, 30, 60].flatMap((k) => [...last.csi.subarray(2 * (k + 15), 2 * (k + 16))])).toEqual([
      -36, -6, -1, 0, 1, -2,
    ]);
    expect(-36 * intel5300Scale(last)).toBeCloseTo(-16.47631297, 7);
    let sum = 0;
    for (const { csi } of packets) {
      for (let at = 0; at < csi.length; at += 2) sum += Math.hypot(csi[at]!, csi[at + 1]!);
    }
    expect(Math.abs(sum / 3408006.1613475564 - 1)).toBeLessThan(1e-12);
    const power = intel5300Recording(packets).values.reduce((total, value) => total + value ** 2, 0);
    expect(Math.abs(power / 19884034.83614885 - 1)).toBeLessThan(1e-6);
  });
});

describe('csv of an ESP32', () => {
  it('is read with spaces and without a header, imaginary part first', () => {
    const { packets, links, subcarriers, values } = parseEsp32Csv(
      'CSI_DATA,AP,-73,4,[3 -4 0 1 ]\nCSI_DATA,AP,-73,4,[5 6 -128 127]\n\n',
      'x',
    );
    expect([packets, links, subcarriers]).toEqual([2, 1, 2]);
    expect([...values]).toEqual([-4, 3, 1, 0, 6, 5, 127, -128]);
  });

  it('is read with a header, quotes and commas, real part first where stated', () => {
    const text = 'seq,rssi,data\r\n1,-40,"[3, 4]"\r\n2,-41,"[0,-9]"\r\n';
    const recording = parseEsp32Csv(text, 'x', 'real-first');
    expect([...recording.values]).toEqual([3, 4, 0, -9]);
    expect([...amplitudes(recording)]).toEqual([5, 9]);
  });

  it('that is hostile gets one clear line', () => {
    const line = (text: string) => lineOf(() => parseEsp32Csv(text, 'x'));
    expect(line('')).toContain('no line with a list');
    expect(line('header\nno list here')).toContain('line 2: no whole list');
    expect(line('[1 2\n')).toContain('line 1: no whole list');
    expect(line('[1 2 3]')).toContain('3 numbers; allowed: an even count');
    expect(line('[1 2]\n[1 2 3 4]')).toBe('x: line 2 has 4 numbers; allowed: 2 as the first');
    expect(line('[1 NaN]')).toContain('"NaN"; allowed: an integer from -128 to 127');
    expect(line('[1 1e9]')).toContain('"1e9"');
    expect(line('[1 999]')).toContain('"999"');
    expect(line(`[${'1 '.repeat(2000)}]`)).toContain('2000 numbers');
    expect(line('1'.repeat(100_000))).toContain('100000 characters');
    expect(lineOf(() => readEsp32Csv(folder))).toContain('not a file');
  });

  const csv = sharedCsi('intel5300/example_csi.csv');
  it.skipIf(!csv)('of the ESP32 CSI tool is read (skipped where ../shared/data is absent)', () => {
    const { packets, subcarriers, values } = readEsp32Csv(csv!);
    expect([packets, subcarriers]).toEqual([13, 64]);
    expect([...values.subarray(0, 4)]).toEqual([-48, 101, 0, 5]);
  });
});

/** An .npz of one deflated array `csi_data` with the given header and content. */
function npz(name: string, descr: string, shape: string, content: Uint8Array, bytes?: number): string {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`;
  const array = Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    Buffer.from([header.length, 0]),
    Buffer.from(header),
    content,
  ]);
  const path = join(folder, name);
  writeFileSync(path, zipOf('csi_data.npy', array, bytes ?? array.length));
  return path;
}

function zipOf(name: string, content: Buffer, bytes: number): Buffer {
  const packed = deflateRawSync(content);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(name.length, 26);
  const directory = Buffer.alloc(46);
  directory.writeUInt32LE(0x02014b50, 0);
  directory.writeUInt16LE(8, 10);
  directory.writeUInt32LE(crc(content), 16);
  directory.writeUInt32LE(packed.length, 20);
  directory.writeUInt32LE(bytes, 24);
  directory.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(30 + name.length + packed.length, 16);
  return Buffer.concat([local, Buffer.from(name), packed, directory, Buffer.from(name), end]);
}

/** CRC-32 of zip, bit by bit. */
function crc(bytes: Uint8Array): number {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

describe('npz of an ESP32', () => {
  it('is read from signed bytes and from floats', () => {
    const bytes = npz('bytes.npz', '|i1', '(2, 4)', Uint8Array.of(3, 252, 0, 1, 5, 6, 128, 127));
    expect([...readCsiNpz(bytes).values]).toEqual([-4, 3, 1, 0, 6, 5, 127, -128]);
    const floats = npz('floats.npz', '<f4', '(1, 2)', new Uint8Array(Float32Array.of(1.5, 2).buffer));
    expect([...readCsiNpz(floats, 'real-first').values]).toEqual([1.5, 2]);
  });

  it('that is hostile gets one clear line', () => {
    const line = (path: string) => lineOf(() => readCsiNpz(path));
    const two = Uint8Array.of(1, 2);
    expect(line(npz('huge.npz', '|i1', '(1000000000, 128)', two))).toContain('2 bytes for |i1');
    expect(line(npz('bomb.npz', '|i1', '(1, 2)', two, 2 ** 31))).toContain('allowed: 268435456');
    expect(line(npz('odd.npz', '|i1', '(1, 3)', Uint8Array.of(1, 2, 3)))).toContain('subcarriers is 1.5');
    expect(line(npz('flat.npz', '|i1', '(2,)', two))).toContain(
      'shape (2); allowed: real, packets x numbers',
    );
    expect(line(npz('none.npz', '|i1', '(0, 2)', new Uint8Array(0)))).toContain('shape (0, 2)');
    const nan = new Uint8Array(Float32Array.of(1, Number.NaN).buffer);
    expect(line(npz('nan.npz', '<f4', '(1, 2)', nan))).toContain('packet 0 has a number not finite');
    writeFileSync(join(folder, 'text.npz'), 'no archive');
    expect(line(join(folder, 'text.npz'))).toContain('not a zip archive');
  });
});
