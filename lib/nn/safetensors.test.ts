import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { InputError } from '../base/index.js';
import { fromFloat16, toFloat16 } from './float16.js';
import type { Snapshot } from './parameters.js';
import { decodeSafetensors, encodeSafetensors, readSafetensors, writeSafetensors } from './safetensors.js';

const folder = mkdtempSync(join(tmpdir(), 'semwave-safetensors-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file from a header and its data, as another program would write it. */
function file(header: string | object, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const head = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + head.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(head.length), true);
  bytes.set(head, 8);
  bytes.set(data, 8 + head.length);
  return bytes;
}

const small: Snapshot = new Map([
  ['encoder.weight', { shape: [2, 2], data: Float32Array.of(1, -2, 0.5, 1e-3) }],
  ['bias', { shape: [], data: Float32Array.of(7) }],
  ['none', { shape: [0, 3], data: new Float32Array(0) }],
]);

it('writes the bytes of the format', () => {
  const tensors: Snapshot = new Map([['a', { shape: [2], data: Float32Array.of(1, -2) }]]);
  const head = '{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
  const bytes = encodeSafetensors(tensors, { metadata: { k: 'v' } });
  // 79 characters, padded with a space to a multiple of eight: 80 = 0x50.
  expect([...bytes.subarray(0, 8)]).toEqual([0x50, 0, 0, 0, 0, 0, 0, 0]);
  expect(new TextDecoder().decode(bytes.subarray(8, 88))).toBe(`${head} `);
  expect([...bytes.subarray(88)]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
});

it('reads a file made by hand, each type, in any order of the header', () => {
  const header = {
    half: { dtype: 'F16', shape: [2], data_offsets: [4, 8] },
    brain: { dtype: 'BF16', shape: [1, 2], data_offsets: [8, 12] },
    full: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
    __metadata__: { format: 'pt' },
  };
  const data = Uint8Array.of(0, 0, 0x80, 0x3f, 0x00, 0x3c, 0x00, 0xc1, 0x80, 0x3f, 0x49, 0xc0);
  const { tensors, metadata } = decodeSafetensors(file(header, data));
  expect([...tensors.keys()]).toEqual(['full', 'half', 'brain']);
  expect([...tensors.get('full')!.data]).toEqual([1]);
  expect([...tensors.get('half')!.data]).toEqual([1, -2.5]);
  expect([...tensors.get('brain')!.data]).toEqual([1, -3.140625]);
  expect(tensors.get('brain')!.shape).toEqual([1, 2]);
  expect(metadata).toEqual({ format: 'pt' });
});

it('every half-precision number survives both ways, and rounding is to the nearest', () => {
  const broken = Array.from({ length: 0x10000 }, (_, bits) => bits).filter((bits) => {
    const value = fromFloat16(bits);
    return Number.isNaN(value) ? !Number.isNaN(fromFloat16(toFloat16(value))) : toFloat16(value) !== bits;
  });
  expect(broken).toEqual([]);
  // Halfway cases go to the even neighbour; 65520 is the first to overflow; 2^-25 is half the least half.
  const cases = [
    [1 + 2 ** -11, 1],
    [1 + 3 * 2 ** -11, 1 + 2 ** -9],
    [65519, 65504],
    [65520, Number.POSITIVE_INFINITY],
    [2 ** -25, 0],
    [1.5 * 2 ** -24, 2 ** -23],
    [2 ** -14 - 2 ** -26, 2 ** -14],
  ] as const;
  for (const [value, nearest] of cases) expect(fromFloat16(toFloat16(value)), String(value)).toBe(nearest);
});

it('any tensors survive a round trip, and half precision stays within its rounding', () => {
  const tensor = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }).chain((shape) =>
    fc
      .array(fc.float({ noNaN: true, min: -1000, max: 1000 }), {
        minLength: shape.reduce((a, b) => a * b, 1),
        maxLength: shape.reduce((a, b) => a * b, 1),
      })
      .map((values) => ({ shape, data: Float32Array.from(values) })),
  );
  const names = fc
    .string({ unit: 'binary' })
    .filter((name) => !['__metadata__', '__proto__', 'constructor', 'prototype'].includes(name));
  const map = fc.uniqueArray(fc.tuple(names, tensor), { selector: ([name]) => name, maxLength: 5 });
  fc.assert(
    fc.property(map, fc.string(), (entries, note) => {
      const tensors: Snapshot = new Map(entries);
      const full = decodeSafetensors(encodeSafetensors(tensors, { metadata: { note } }));
      expect(full.metadata).toEqual({ note });
      expect(full.tensors.size).toBe(tensors.size);
      const half = decodeSafetensors(encodeSafetensors(tensors, { dtype: 'F16' })).tensors;
      for (const [name, { shape, data }] of tensors) {
        expect(full.tensors.get(name)).toEqual({ shape, data });
        for (const [i, value] of half.get(name)!.data.entries()) {
          expect(Math.abs(value - data[i]!)).toBeLessThanOrEqual(Math.abs(data[i]!) * 2 ** -11 + 2 ** -25);
        }
      }
    }),
    { seed: 1, numRuns: 200 },
  );
});

it('a file cut anywhere is refused in one line', () => {
  const whole = encodeSafetensors(small, { metadata: { a: 'b' } });
  for (let length = 0; length < whole.length; length++) expectRefusal(whole.subarray(0, length));
  expectRefusal(Uint8Array.of(...whole, 0));
});

it('a damaged header is refused or parsed, never anything else', () => {
  const whole = encodeSafetensors(small, { metadata: { a: 'b' } });
  const header = 8 + new DataView(whole.buffer).getUint32(0, true);
  const damage = fc.array(fc.tuple(fc.nat(header - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(damage, (changes) => {
      const bytes = whole.slice();
      for (const [at, value] of changes) bytes[at] = value;
      try {
        decodeSafetensors(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        expect((error as Error).message).not.toContain('\n');
      }
    }),
    { seed: 2, numRuns: 3000 },
  );
});

function expectRefusal(bytes: Uint8Array, reason = /./): void {
  let message = '';
  try {
    decodeSafetensors(bytes, 'F');
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    message = (error as Error).message;
  }
  expect(message).toMatch(reason);
  expect(message).toMatch(/^F: .{1,300}$/);
}

const entry = { dtype: 'F32', shape: [1], data_offsets: [0, 4] };
const four = new Uint8Array(4);
const eight = new Uint8Array(8);

it.each([
  [
    'a header length beyond the file',
    Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255, 123, 125),
    /claims/,
  ],
  ['text that is not JSON', file('{"a":'), /not JSON/],
  ['text that is not UTF-8', file('{}').map((b, i) => (i === 8 ? 0xff : b)), /not JSON/],
  ['an array', file('[]'), /header is \[\]/],
  [
    'a name twice',
    file(`{"a":${JSON.stringify(entry)},"a" : ${JSON.stringify(entry)}}`, four),
    /stands twice/,
  ],
  [
    'a name twice, once escaped',
    file(`{"a":${JSON.stringify(entry)},"\\u0061":${JSON.stringify(entry)}}`, four),
    /stands twice/,
  ],
  [
    'a field twice',
    file('{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}', four),
    /stands twice/,
  ],
  ['a prototype', file(`{"__proto__":${JSON.stringify(entry)}}`, four), /reserved/],
  ['deep nesting', file(`{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`), /nests deeper/],
  ['an unknown type', file({ a: { ...entry, dtype: 'Q4' } }, four), /dtype "Q4"/],
  ['a type named like a method', file({ a: { ...entry, dtype: 'toString' } }, four), /dtype "toString"/],
  ['a negative side', file({ a: { ...entry, shape: [-1] } }, four), /shape/],
  ['a fractional side', file({ a: { ...entry, shape: [0.5, 2] } }, four), /shape/],
  ['sides whose product overflows', file({ a: { ...entry, shape: [2 ** 40, 2 ** 40] } }, four), /needs/],
  ['a shape that is not its bytes', file({ a: { ...entry, shape: [2] } }, four), /needs 8/],
  ['an overlap', file({ a: entry, b: entry }, four), /begins at byte 0/],
  ['a gap', file({ a: { ...entry, data_offsets: [4, 8] } }, eight), /begins at byte 4/],
  [
    'offsets beyond the file',
    file({ a: { dtype: 'F32', shape: [2 ** 40], data_offsets: [0, 2 ** 42] } }, four),
    /hold/,
  ],
  ['offsets in reverse', file({ a: { ...entry, data_offsets: [4, 0] } }, four), /data_offsets/],
  ['data that nobody claims', file({ a: entry }, eight), /file holds 8/],
  ['metadata that is not text', file({ __metadata__: { a: 1 } }), /metadata "a"/],
  ['a tensor that is null', file({ a: null }), /is null/],
  ['a name with line breaks', file({ 'a\nb\u2028': null }), /is null/],
])('refuses %s', (_, bytes, reason) => {
  expectRefusal(bytes, reason);
});

it('refuses to write what it could not read', () => {
  const odd = (name: string, shape: number[], value = 1): Snapshot =>
    new Map([[name, { shape, data: Float32Array.of(value) }]]);
  expect(() => encodeSafetensors(odd('__metadata__', [1]))).toThrow(InputError);
  expect(() => encodeSafetensors(odd('a', [2]))).toThrow(/needs 2/);
  expect(() => encodeSafetensors(odd('a', [1], 1e6), { dtype: 'F16' })).toThrow(/65504/);
});

it('files are bounded in size and written whole', () => {
  const path = join(folder, 'deep', 'weights.safetensors');
  writeSafetensors(path, small);
  expect(readSafetensors(path).tensors).toEqual(small);
  expect(() => readSafetensors(path, { maxBytes: 100 })).toThrow(/allowed: 8 to 100/);
  const before = readFileSync(path);
  expect(() => writeSafetensors(path, new Map([['a', { shape: [3], data: new Float32Array(1) }]]))).toThrow(
    InputError,
  );
  expect(readFileSync(path)).toEqual(before);
  writeFileSync(path, 'short');
  expect(() => readSafetensors(path)).toThrow(/5 bytes/);
  expect(() => readSafetensors(join(folder, 'absent'))).toThrow(/no such file/);
});
