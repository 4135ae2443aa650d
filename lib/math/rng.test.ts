import { describe, expect, it } from 'vitest';
import { philox4x32 } from './philox.js';
import { Rng } from './rng.js';

const hex = (words: Int32Array) =>
  Array.from(words, (word) => (word >>> 0).toString(16).padStart(8, '0')).join(' ');

function block(counter: readonly number[], key: readonly number[]): string {
  const out = new Int32Array(4);
  philox4x32(out, counter[0]!, counter[1]!, counter[2]!, counter[3]!, key[0]!, key[1]!);
  return hex(out);
}

describe('philox4x32', () => {
  // Random123, tests/kat_vectors, lines "philox4x32 10".
  it('gives the known answers of Random123', () => {
    const ones = 0xffffffff;
    expect(block([0, 0, 0, 0], [0, 0])).toBe('6627e8d5 e169c58d bc57ac4c 9b00dbd8');
    expect(block([ones, ones, ones, ones], [ones, ones])).toBe('408f276d 41c83b0e a20bc7c6 6d5451fd');
    expect(block([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0])).toBe(
      'd16cfe09 94fdcceb 5001e420 24126ea1',
    );
  });
});

describe('Rng', () => {
  it('depends on the seed and the names only', () => {
    const draw = (rng: Rng) => [rng.uint32(), rng.uint32(), rng.normal()];
    const parent = Rng.of(7);
    const before = draw(parent.fork('noise'));
    parent.uniform();
    parent.normal();
    expect(draw(parent.fork('noise'))).toEqual(before);
    expect(draw(Rng.of('7').fork('noise'))).toEqual(before);
    const untouched = Rng.of(7);
    untouched.fork('a');
    expect(untouched.uint32()).toBe(Rng.of(7).uint32());
  });
});
