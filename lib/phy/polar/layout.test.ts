import { describe, expect, it } from 'vitest';
import { polarCode } from './code.js';
import { becPolarSequence, nrSequence } from './construction.js';
import { inputInterleaver, subBlockInterleaver, triangularInterleaver } from './interleavers.js';
import { polarLayout } from './layout.js';
import { polarTransform } from './transform.js';

const range = (low: number, high: number): number[] =>
  Array.from({ length: high - low + 1 }, (_, i) => low + i);

const bitsOf = (hex: string, count: number): number[] =>
  BigInt(`0x${hex}`).toString(2).padStart(count, '0').split('').map(Number);

const sorted = (numbers: Iterable<number>): number[] => [...numbers].sort((a, b) => a - b);

describe('polar transform', () => {
  it('multiplies by the Kronecker power of [1 0; 1 1] and is its own inverse', () => {
    for (let input = 0; input < 32; input++) {
      const unit = new Uint8Array(32);
      unit[input] = 1;
      // Row i of G has a one in column j where j has ones only where i has.
      const row = range(0, 31).map((column) => ((column & input) === column ? 1 : 0));
      expect([...polarTransform(unit)]).toEqual(row);
      expect([...polarTransform(unit)].indexOf(1)).toBe(input);
    }
  });
});

describe('construction', () => {
  it('orders every position once, and shorter transforms alike', () => {
    for (const length of [32, 256, 1024]) {
      expect(sorted(nrSequence(length))).toEqual(range(0, length - 1));
      expect(nrSequence(length).at(0)).toBe(0);
      expect(nrSequence(length).at(-1)).toBe(length - 1);
    }
  });

  it('never ranks a position below one that it dominates bit by bit', () => {
    const rank = new Map(nrSequence(1024).map((position, order) => [position, order]));
    for (let position = 0; position < 1024; position++) {
      for (let bit = 1; bit < 1024; bit *= 2) {
        expect(rank.get(position | bit)).toBeGreaterThanOrEqual(rank.get(position)!);
      }
    }
  });

  // Sionna: generate_5g_ranking(32, 64)
  it('freezes the inputs of the (64, 32) code that Sionna freezes', () => {
    const { frozen, length } = polarLayout(32, 64, 'uplink');
    expect(length).toBe(64);
    expect([...frozen.keys()].filter((position) => frozen[position] === 1)).toEqual([
      ...range(0, 14),
      ...range(16, 21),
      ...range(24, 26),
      ...range(32, 37),
      40,
      48,
    ]);
  });

  it('polarises the erasure channel as Arikan does', () => {
    // Erasure 1/2, N = 8: 0.996, 0.879, 0.809, 0.316, 0.684, 0.191, 0.121, 0.004.
    expect(becPolarSequence(8, 0.5)).toEqual([0, 1, 2, 4, 3, 5, 6, 7]);
  });
});

describe('interleavers', () => {
  it('are permutations', () => {
    for (const length of [32, 64, 1024]) {
      expect(sorted(subBlockInterleaver(length))).toEqual(range(0, length - 1));
    }
    for (const count of [1, 31, 56, 164]) {
      expect(sorted(inputInterleaver(count))).toEqual(range(0, count - 1));
    }
    for (const count of [1, 2, 3, 100, 1088, 8192]) {
      expect(sorted(triangularInterleaver(count))).toEqual(range(0, count - 1));
    }
  });

  it('reads the triangle by columns', () => {
    // Rows 0 1 2 3, 4 5 6, 7.
    expect([...triangularInterleaver(8)]).toEqual([0, 4, 7, 1, 5, 2, 6, 3]);
  });
});

describe('encoder', () => {
  // sionna-no-rt 2.2.0: Polar5GEncoder(k, n, link) of the bits on the left, both in hexadecimal. Repetition,
  // shortening and puncturing, in this order, for each link.
  it.each([
    ['uplink', 64, 128, '7324cf908a41d694', 'b1dea32c56f5c3201b9b33cbc525abaa'],
    ['uplink', 20, 280, '8708c', '0750a1ccc08275bd51d1fed66cb5ef1cdf5adc5202a1d68e53262e1d47c872c6e7d113'],
    ['uplink', 100, 140, '198c979d29a1ba427e6b0ecad', '249f4d3057f1c2b9cf9ccbc7da9ff003354'],
    ['uplink', 20, 50, 'fd51e', '0fe3fb261e8f5'],
    ['uplink', 40, 200, 'd1e0df9745', '204354869d5b59bae7fd09b61076b41044e621b8f942854612'],
    ['downlink', 40, 108, 'bc214d960c', 'bcf28cea9c7a2231bc09ea00b45'],
    ['downlink', 64, 216, '76557e84b0d1adf4', '474318ea2724e9e3472e8a424c404eee891077b9d2d6eebe49247f'],
  ] as const)('gives the codeword that Sionna gives: %s (%i bits in %i)', (link, k, n, bits, word) => {
    const code = polarCode({ k, n, link });
    expect([...code.encode(Uint8Array.from(bitsOf(bits, k)))]).toEqual(bitsOf(word, n));
  });

  it('picks the length of the transform of TS 38.212 §5.3.1', () => {
    // At most 9/8 of a power of two repeats it, unless the rate is 9/16 or more; never below rate 1/8.
    expect(polarLayout(100, 288, 'uplink').length).toBe(256);
    expect(polarLayout(100, 289, 'uplink').length).toBe(512);
    expect(polarLayout(162, 288, 'uplink').length).toBe(512);
    expect(polarLayout(30, 1000, 'uplink').length).toBe(256);
    expect(polarLayout(100, 4000, 'uplink').length).toBe(1024);
    expect(polarLayout(100, 4000, 'downlink').length).toBe(512);
    expect(polarLayout(10, 18, 'uplink').length).toBe(32);
  });

  it('leaves the shortened outputs zero whatever is encoded', () => {
    const { length, inputs, shortened } = polarLayout(100, 140, 'uplink');
    expect(shortened.length).toBe(length - 140);
    for (const input of inputs) {
      const word = new Uint8Array(length);
      word[input] = 1;
      polarTransform(word);
      for (const output of shortened) expect(word[output]).toBe(0);
    }
  });
});
