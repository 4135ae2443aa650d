import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Rng, wilsonInterval } from '../../math/index.js';
import type { BlockCode } from '../types.js';
import { polarCode } from './code.js';
import { becPolarSequence } from './construction.js';

const randomBits = (rng: Rng, count: number): Uint8Array =>
  Uint8Array.from({ length: count }, () => rng.uint32() & 1);

/** LLRs of bits over the binary-input AWGN channel. */
function gaussianLlrs(rng: Rng, bits: Uint8Array, esN0: number): Float32Array {
  const llrs = rng.fillNormal(new Float32Array(bits.length), 4 * esN0, Math.sqrt(8 * esN0));
  return llrs.map((llr, i) => (bits[i] === 1 ? -llr : llr));
}

const erasedLlrs = (rng: Rng, bits: Uint8Array, probability: number): Float32Array =>
  Float32Array.from(bits, (bit) =>
    rng.uniform() < probability ? 0 : bit === 1 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY,
  );

const differs = (a: Uint8Array, b: Uint8Array): boolean => a.some((bit, i) => bit !== b[i]);

function blockErrors(code: BlockCode, blocks: number, receive: (rng: Rng, sent: Uint8Array) => Float32Array) {
  const rng = Rng.of('blocks').fork(code.name);
  let errors = 0;
  for (let block = 0; block < blocks; block++) {
    const bits = randomBits(rng, code.k);
    errors += Number(differs(code.decode(receive(rng, code.encode(bits))).bits, bits));
  }
  return errors;
}

/** Whether a published rate, itself of `publishedErrors` errors, and ours agree to 95 %. */
function agrees(errors: number, blocks: number, published: number, publishedErrors: number): boolean {
  const [low, high] = wilsonInterval(errors, blocks);
  const spread = 1.96 / Math.sqrt(publishedErrors);
  return high >= published * (1 - spread) && low <= published * (1 + spread);
}

describe('polar code', () => {
  it('returns what was sent without noise, whatever the sizes', () => {
    fc.assert(
      fc.property(
        fc.record({
          count: fc.integer({ min: 20, max: 300 }),
          rate: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
          listSize: fc.integer({ min: 1, max: 32 }),
          link: fc.constantFrom('uplink' as const, 'downlink' as const),
          arithmetic: fc.constantFrom('int8' as const, 'float' as const),
          seed: fc.nat(),
        }),
        ({ count, rate, listSize, link, arithmetic, seed }) => {
          const k = link === 'downlink' ? Math.min(count, 140) : count;
          const n = Math.ceil((k + 24) / rate);
          const code = polarCode({ k, n, listSize: arithmetic === 'float' ? 2 : listSize, link, arithmetic });
          const bits = randomBits(Rng.of(seed), k);
          const llrs = Float32Array.from(code.encode(bits), (bit) => (bit === 1 ? -3 : 3));
          expect(code.decode(llrs)).toEqual({ bits, ok: true });
        },
      ),
      { numRuns: 60, seed: 1 },
    );
  });

  it('is linear', () => {
    const code = polarCode({ k: 64, n: 140 });
    const rng = Rng.of('linear');
    const [a, b] = [randomBits(rng, 64), randomBits(rng, 64)];
    const sum = code.encode(a).map((bit, i) => bit ^ code.encode(b)[i]!);
    expect(code.encode(a.map((bit, i) => bit ^ b[i]!))).toEqual(sum);
  });

  // Sionna's notebook on 5G channel coding, CA-SCL of list 8; the errors behind the value are not stated.
  it('has the block error rate of Sionna: (128, 64), list 8, CRC11, 2 dB', () => {
    const code = polarCode({ k: 64, n: 128 });
    const errors = blockErrors(code, 4000, (rng, sent) => gaussianLlrs(rng, sent, 10 ** 0.2 / 2));
    expect(agrees(errors, 4000, 0.103, 400)).toBe(true);
  });

  // AFF3CT error_rate_references: Polar_N1024_K512_SC_5G_intra_p32 and BEC/OOK/SC/Polar_N1024_K512_SC_FAST.
  it('has the block error rates of AFF3CT: (1024, 512), successive cancellation', () => {
    const plain = { k: 512, n: 1024, listSize: 1, crc: 'none' } as const;
    const errors = blockErrors(polarCode(plain), 2000, (rng, sent) => gaussianLlrs(rng, sent, 10 ** 0.2 / 2));
    expect(agrees(errors, 2000, 0.102, 1371)).toBe(true);
    const designed = polarCode({ ...plain, sequence: becPolarSequence(1024, 0.35) });
    const erased = blockErrors(designed, 3000, (rng, sent) => erasedLlrs(rng, sent, 0.35));
    expect(agrees(erased, 3000, 0.0229, 501)).toBe(true);
  });

  it('gains from a longer list, and a CRC makes use of it', () => {
    const errors = [1, 2, 8, 32].map((listSize) =>
      blockErrors(polarCode({ k: 100, n: 256, listSize }), 1500, (rng, sent) =>
        gaussianLlrs(rng, sent, 10 ** 0.15 * (100 / 256)),
      ),
    );
    for (let i = 1; i < errors.length; i++) expect(errors[i]).toBeLessThan(0.8 * errors[i - 1]!);
  });

  it('loses next to nothing by 8-bit LLRs', () => {
    const [int8, float] = (['int8', 'float'] as const).map((arithmetic) =>
      polarCode({ k: 64, n: 128, arithmetic }),
    );
    const rng = Rng.of('quantisation');
    const wrong = { int8: 0, float: 0 };
    for (let block = 0; block < 800; block++) {
      const bits = randomBits(rng, 64);
      const llrs = gaussianLlrs(rng, int8!.encode(bits), 10 ** 0.2 / 2);
      wrong.int8 += Number(differs(int8!.decode(llrs).bits, bits));
      wrong.float += Number(differs(float!.decode(llrs).bits, bits));
    }
    // On the same blocks: what differs is a few blocks either way, of about 80.
    expect(wrong.float).toBeGreaterThan(50);
    expect(Math.abs(wrong.int8 - wrong.float)).toBeLessThan(15);
  });

  it('says by its CRC whether a block is right', () => {
    const code = polarCode({ k: 64, n: 128 });
    const rng = Rng.of('crc');
    let passed = 0;
    for (let block = 0; block < 500; block++) {
      const { ok, bits } = code.decode(rng.fillNormal(new Float32Array(128), 0, 3));
      expect(bits.length).toBe(64);
      passed += Number(ok);
    }
    // Of noise, each of 8 paths passes a CRC of 11 bits with probability 2^-11.
    expect(passed).toBeLessThanOrEqual(10);
    expect(polarCode({ k: 64, n: 128, crc: 'none' }).decode(new Float32Array(128)).ok).toBeUndefined();
  });

  it.each([
    [{ k: 0, n: 128 }, 'k is 0; allowed: an integer from 1 to 1024'],
    [{ k: 19, n: 128 }, "k is 19; allowed: 20 or more with NR's CRC in the uplink"],
    [{ k: 64, n: 17 }, 'n is 17; allowed: an integer from 18 to 8192'],
    [{ k: 64, n: 64 }, '75 information and CRC bits; allowed: 64 in 64 coded bits, uplink'],
    [{ k: 1020, n: 2000 }, '1031 information and CRC bits; allowed: 1024 in 2000 coded bits, uplink'],
    [{ k: 141, n: 400, link: 'downlink' }, '165 information and CRC bits; allowed: 164 in 400 coded bits'],
    [{ k: 64, n: 128, listSize: 33 }, 'listSize is 33; allowed: an integer from 1 to 32'],
    [{ k: 64, n: 128, crc: '12' }, 'CRC is "12"; allowed: 6, 11, 16, 24A, 24B, 24C'],
    [{ k: 64, n: 128, link: 'sidelink' }, 'link is "sidelink"; allowed: uplink, downlink'],
    [{ k: 64, n: 128, arithmetic: 'int4' }, 'arithmetic is "int4"; allowed: int8, float'],
    [{ k: 64, n: 128, sequence: [0, 1, 1] }, 'allowed: each of 0 to 127 once'],
  ])('refuses %o', (options, message) => {
    expect(() => polarCode(options as never)).toThrow(message);
  });

  it('refuses blocks of the wrong length, other bits than 0 and 1, and NaN', () => {
    const code = polarCode({ k: 64, n: 128 });
    expect(() => code.encode(new Uint8Array(63))).toThrow('63 bits; allowed: 64');
    expect(() => code.encode(new Uint8Array(64).fill(2))).toThrow('is 2; allowed: 0 or 1');
    expect(() => code.decode(new Float32Array(127))).toThrow('127 values; allowed: 128');
    expect(() => code.decode(new Float32Array(128).fill(Number.NaN))).toThrow('llrs[0] is NaN');
    expect(() => becPolarSequence(48, 0.5)).toThrow('length is 48; allowed: a power of two');
    expect(() => becPolarSequence(64, 1.5)).toThrow('erasureProbability is 1.5');
  });
});
