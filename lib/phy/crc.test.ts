import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Crc, type CrcName } from './crc.js';

const names: CrcName[] = ['24A', '24B', '24C', '16', '11', '6'];

const bitsOfText = (text: string) =>
  Uint8Array.from(
    [...Buffer.from(text)].flatMap((byte) => [...byte.toString(2).padStart(8, '0')].map(Number)),
  );

const value = (parity: Uint8Array) => Number.parseInt(parity.join(''), 2);

describe('Crc', () => {
  // The usual check word of CRC catalogues; long division by the generators of 38.212 in Python integers.
  it.each([
    ['24A', 0xcde703],
    ['24B', 0x23ef52],
    ['24C', 0xf48279],
    ['16', 0x31c3],
    ['11', 0x5ca],
    ['6', 0x15],
  ] as const)('CRC %s of "123456789"', (name, expected) => {
    expect(value(new Crc(name).parity(bitsOfText('123456789')))).toBe(expected);
  });

  const anyBits = fc.array(fc.nat(1), { minLength: 1, maxLength: 300 }).map((bits) => Uint8Array.from(bits));

  it('accepts what it appended and finds every burst no longer than itself', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), anyBits, fc.nat(), fc.nat(), (name, bits, place, pattern) => {
        const crc = new Crc(name);
        const sent = crc.append(bits);
        expect(crc.check(sent)).toBe(true);
        const start = place % (sent.length - crc.length + 1);
        const burst = (pattern % (2 ** crc.length - 1)) + 1;
        for (let bit = 0; bit < crc.length; bit++) sent[start + bit]! ^= (burst >>> bit) & 1;
        expect(crc.check(sent)).toBe(false);
      }),
    );
  });

  it('is linear, whatever the length modulo 8', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), anyBits, fc.nat(), (name, bits, seed) => {
        const crc = new Crc(name);
        const other = bits.map((_, i) => (((seed + 7) * (i + 3)) % 5) & 1);
        const sum = crc.parity(bits.map((bit, i) => bit ^ other[i]!));
        expect(sum).toEqual(crc.parity(bits).map((bit, i) => bit ^ crc.parity(other)[i]!));
      }),
    );
  });

  it('refuses unknown names, non-bits and too short words', () => {
    expect(() => new Crc('32' as CrcName)).toThrow('CRC is "32"; allowed: 6, 11, 16, 24A, 24B, 24C');
    expect(() => new Crc('16').parity(Uint8Array.of(0, 2))).toThrow('bits[1] is 2; allowed: 0 or 1');
    expect(() => new Crc('16').check(new Uint8Array(15))).toThrow('15; allowed: 16 or more');
  });
});
