import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goldSequence } from './gold.js';
import { scrambler } from './scrambling.js';

describe('scrambling', () => {
  // Sionna 2.2.0: sionna.phy.nr.utils.generate_prng_seq(64, c_init).
  it.each([
    [0, '0000001000011010000100100111101000100101100101010000001101010110'],
    [1, '0000001010000011000000110111010000101011100110101111110111100010'],
    [12345, '0110011001100011111101001101000000011000110100000000101101011000'],
    [2 ** 31 - 1, '1111110100001011111100111000111000101110011000000101011110001110'],
  ])('the sequence of seed %i is that of another implementation', (seed, bits) => {
    expect(goldSequence(seed, 64).join('')).toBe(bits);
  });

  it('is undone at the receiver, as bits and as LLRs', () => {
    fc.assert(
      fc.property(fc.uint8Array({ max: 1, maxLength: 300 }), fc.nat(2 ** 31 - 1), (bits, seed) => {
        const { scramble, descramble } = scrambler(bits.length, seed);
        const llrs = descramble(Float32Array.from(scramble(bits), (bit) => 1 - 2 * bit));
        expect(Uint8Array.from(llrs, (llr) => (llr < 0 ? 1 : 0))).toEqual(bits);
      }),
    );
  });

  it('refuses what does not fit', () => {
    expect(() => goldSequence(-1, 8)).toThrow('c_init is -1');
    expect(() => scrambler(3).scramble(new Uint8Array(4))).toThrow('4 bits');
    expect(() => scrambler(1).descramble(Float32Array.of(Number.NaN))).toThrow('NaN');
  });
});
