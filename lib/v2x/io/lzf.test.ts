import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compressLzf, decompressLzf } from './lzf.js';
import { expectOneLine } from './testing.js';

describe('LZF', () => {
  it('unpacks literals, short and long repeats, and repeats that overlap what they make', () => {
    const packed = Uint8Array.of(3, 0, 0, 128, 63, 0xe0, 0x33, 3);
    const raw = decompressLzf(packed, 64, 'test');
    expect([...raw]).toEqual(Array.from({ length: 64 }, (_, i) => [0, 0, 128, 63][i % 4]!));
    expect([...decompressLzf(Uint8Array.of(0, 7, 0x20, 0), 4, 'test')]).toEqual([7, 7, 7, 7]);
  });

  it('gives back what was packed, and packs what repeats', () => {
    const pieces = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 400 }),
        fc
          .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 1, max: 9000 }))
          .map(([v, n]) => new Uint8Array(n).fill(v)),
        fc
          .uint8Array({ minLength: 1, maxLength: 9 })
          .map((part) => Uint8Array.from({ length: 1000 }, (_, i) => part[i % part.length]!)),
      ),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        const raw = Uint8Array.from(parts.flatMap((part) => [...part]));
        const packed = compressLzf(raw);
        expect(packed.length).toBeLessThanOrEqual(raw.length + Math.ceil(raw.length / 32) + 1);
        expect(Buffer.compare(decompressLzf(packed, raw.length, 'test'), raw)).toBe(0);
      }),
      { numRuns: 30 },
    );
    expect(compressLzf(new Uint8Array(100_000)).length).toBeLessThan(1500);
  });

  it('refuses a bomb before it takes memory, and what is damaged', () => {
    expectOneLine(
      () => decompressLzf(Uint8Array.of(0, 0), 4e9, 'test'),
      /2 packed bytes cannot become the 4000000000/,
    );
    expectOneLine(() => decompressLzf(Uint8Array.of(0, 7, 0x20, 1), 4, 'test'), /reaches 1 bytes before/);
    expectOneLine(
      () => decompressLzf(Uint8Array.of(0, 7, 0x3f, 255), 9, 'test'),
      /reaches 8191 bytes before/,
    );
    expectOneLine(
      () => decompressLzf(Uint8Array.of(0, 7, 0x20, 0), 3, 'test'),
      /more bytes than its header says/,
    );
    expectOneLine(() => decompressLzf(Uint8Array.of(1, 7, 7), 1, 'test'), /more bytes than its header says/);
    expectOneLine(
      () => decompressLzf(Uint8Array.of(0, 7, 0x20, 0), 5, 'test'),
      /unpacks to 4 bytes; its header says 5/,
    );
    expectOneLine(() => decompressLzf(Uint8Array.of(5, 7), 6, 'test'), /ends within a sequence/);
    expectOneLine(() => decompressLzf(Uint8Array.of(0, 7, 0xe0, 1), 9, 'test'), /ends within a sequence/);
    expectOneLine(() => decompressLzf(Uint8Array.of(0, 7, 0x20), 4, 'test'), /ends within a sequence/);
  });
});
