import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { segmentation } from './segmentation.js';
import { awgnLlrs, randomBits } from './testing.js';
import { transportBlock } from './transport-block.js';

const hardLlrs = (bits: Uint8Array) => Float32Array.from(bits, (bit) => (bit ? -5 : 5));

describe('segmentation', () => {
  // MATLAB 5G Toolbox, documentation of nrDLSCHInfo: nrDLSCHInfo(8456, 517/1024).
  it('cuts 8456 bits at rate 517/1024 as published', () => {
    const { crc, blockCrc, blocks, padding, layout } = segmentation(8456, 517 / 1024);
    expect([crc.name, blockCrc?.name, blocks, padding]).toEqual(['24A', '24B', 2, 0]);
    expect(layout).toEqual({ baseGraph: 1, liftingSize: 208, k: 4264, fillers: 312 });
    // K = 22 Z and N = 66 Z.
    expect([22 * layout.liftingSize, 66 * layout.liftingSize]).toEqual([4576, 13728]);
  });

  // 3GPP TS 38.212 §5.2.2, 6.2.2 and 7.2.1, at their edges.
  it.each([
    [292, 0.9, 2, '16', 1, 308],
    [293, 0.9, 1, '16', 1, 309],
    [3824, 0.67, 2, '16', 1, 3840],
    [3824, 0.68, 1, '16', 1, 3840],
    [3825, 0.67, 1, '24A', 1, 3849],
    [3825, 0.25, 2, '24A', 2, 1949],
    [8424, 0.5, 1, '24A', 1, 8448],
    [8425, 0.5, 1, '24A', 2, 4249],
  ] as const)(
    '%i bits at rate %d: base graph %i, CRC %s, %i blocks of %i bits',
    (payload, rate, graph, crc, blocks, k) => {
      const cut = segmentation(payload, rate);
      expect([cut.layout.baseGraph, cut.crc.name, cut.blocks, cut.layout.k]).toEqual([graph, crc, blocks, k]);
    },
  );
});

describe('transportBlock', () => {
  it('returns any payload over a clean channel', () => {
    const sizes = fc.oneof(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 3000, max: 20_000 }));
    fc.assert(
      fc.property(
        sizes,
        fc.constantFrom(1, 2, 4, 6),
        fc.integer({ min: 150, max: 500 }),
        (k, bitsPerSymbol, percent) => {
          const n = bitsPerSymbol * (40 + Math.ceil((k * percent) / (100 * bitsPerSymbol)));
          const block = transportBlock({ k, n, bitsPerSymbol });
          const bits = randomBits(k, Rng.of(k));
          const sent = block.encode(bits);
          expect(sent).toHaveLength(n);
          expect(block.codedLengths.reduce((sum, length) => sum + length)).toBe(n);
          const found = block.decode(hardLlrs(sent));
          expect(found).toMatchObject({ bits, ok: true });
          expect(found.blocksOk.every(Boolean)).toBe(true);
        },
      ),
      { numRuns: 12 },
    );
  });

  it('gives blocks whole symbols on all layers, the longer ones last', () => {
    const block = transportBlock({ k: 20_000, n: 8 * 5003, bitsPerSymbol: 4, layers: 2 });
    expect(block.codedLengths).toEqual([8 * 1667, 8 * 1668, 8 * 1668]);
  });

  it('names the block that was lost', () => {
    const block = transportBlock({ k: 20_000, n: 40_000 });
    const bits = randomBits(20_000, Rng.of('lost'));
    const llrs = hardLlrs(block.encode(bits));
    llrs.fill(0, block.codedLengths[0], block.codedLengths[0]! + block.codedLengths[1]!);
    const found = block.decode(llrs);
    expect(found.ok).toBe(false);
    expect(found.blocksOk).toEqual([true, false, true]);
    const share = Math.ceil(20_024 / 3);
    expect(found.bits.subarray(0, share)).toEqual(bits.subarray(0, share));
  });

  it('adds up transmissions and keeps a block once it was right', () => {
    const block = transportBlock({ k: 9000, n: 12_000 });
    const rng = Rng.of('incremental');
    const bits = randomBits(9000, rng);
    const receiver = block.receiver();
    expect(receiver.receive(awgnLlrs(block.encode(bits), 0, rng), 0).ok).toBe(false);
    expect(receiver.receive(awgnLlrs(block.encode(bits, 2), 0, rng), 2)).toMatchObject({ bits, ok: true });
    expect(receiver.receive(new Float32Array(12_000), 3)).toMatchObject({ bits, ok: true, iterations: 0 });
  });

  it('refuses what cannot be sent, in one line', () => {
    expect(() => transportBlock({ k: 0, n: 100 })).toThrow('k is 0');
    expect(() => transportBlock({ k: 100, n: 100 })).toThrow('n is 100; allowed: a multiple of 1 from 116');
    expect(() => transportBlock({ k: 100, n: 201, bitsPerSymbol: 2 })).toThrow(
      'n is 201; allowed: a multiple of 2',
    );
    expect(() => transportBlock({ k: 100, n: 200, rate: 2 })).toThrow('rate is 2');
    expect(() => transportBlock({ k: 100, n: 200, layers: 5 })).toThrow('layers is 5');
    const block = transportBlock({ k: 100, n: 200 });
    expect(() => block.encode(new Uint8Array(1))).toThrow('bits: 1 bits; allowed: 100');
    expect(() => block.decode(new Float32Array(200).fill(Number.NaN))).toThrow('llrs[0] is NaN');
  });
});
