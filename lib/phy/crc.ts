import { InputError, requireChoice } from '../base/index.js';
import { requireBits } from './block-inputs.js';

/** The cyclic redundancy checks of NR, by the name 3GPP TS 38.212 §5.1 gives them. */
export type CrcName = '24A' | '24B' | '24C' | '16' | '11' | '6';

/** Generator polynomials of 3GPP TS 38.212 §5.1, without the leading term; bit 0 is D^0. */
const generators: Record<CrcName, { length: number; polynomial: number }> = {
  '24A': { length: 24, polynomial: 0x864cfb },
  '24B': { length: 24, polynomial: 0x800063 },
  '24C': { length: 24, polynomial: 0xb2b117 },
  '16': { length: 16, polynomial: 0x1021 },
  '11': { length: 11, polynomial: 0x621 },
  '6': { length: 6, polynomial: 0x21 },
};

const names = Object.keys(generators) as CrcName[];

/** A cyclic redundancy check over bit arrays, most significant bit first, register started at zero. */
export class Crc {
  readonly name: CrcName;
  /** Parity bits. */
  readonly length: number;
  private readonly table: Uint32Array;

  /** @throws InputError when there is no such check. */
  constructor(name: CrcName) {
    this.name = requireChoice('CRC', name, names);
    const { length, polynomial } = generators[name];
    this.length = length;
    this.table = byteTable(length, polynomial);
  }

  /** The parity bits of `bits`. @throws InputError when a value is neither 0 nor 1. */
  parity(bits: Uint8Array): Uint8Array {
    const register = this.remainder(requireBits('bits', bits));
    return Uint8Array.from({ length: this.length }, (_, i) => (register >>> (this.length - 1 - i)) & 1);
  }

  /** `bits` and their parity behind them. @throws InputError when a value is neither 0 nor 1. */
  append(bits: Uint8Array): Uint8Array {
    const out = new Uint8Array(bits.length + this.length);
    out.set(bits);
    out.set(this.parity(bits), bits.length);
    return out;
  }

  /**
   * Whether the last bits are the parity of those before.
   * @throws InputError when there are fewer bits than parity bits, or a value is neither 0 nor 1.
   */
  check(bitsAndParity: Uint8Array): boolean {
    if (bitsAndParity.length < this.length) {
      throw new InputError(
        `bits with CRC ${this.name}: ${bitsAndParity.length}; allowed: ${this.length} or more`,
      );
    }
    return this.remainder(requireBits('bits', bitsAndParity)) === 0;
  }

  /** The remainder of bits(D) D^length, by whole bytes; zeros in front of a message do not change it. */
  private remainder(bits: Uint8Array): number {
    let register = 0;
    let byte = 0;
    for (let at = 0, left = bits.length; at < bits.length; at++) {
      byte = (byte << 1) | bits[at]!;
      if (--left % 8 > 0) continue;
      register = this.advance(register, byte);
      byte = 0;
    }
    return register;
  }

  private advance(register: number, byte: number): number {
    const length = this.length;
    if (length < 8) return this.table[(register << (8 - length)) ^ byte]!;
    return ((register << 8) & (2 ** length - 1)) ^ this.table[(register >>> (length - 8)) ^ byte]!;
  }
}

/** Entry b is the remainder of b(D) D^length. */
function byteTable(length: number, polynomial: number): Uint32Array {
  const top = 2 ** (length - 1);
  const mask = 2 ** length - 1;
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let register = 0;
    for (let bit = 7; bit >= 0; bit--) {
      const carry = ((register & top) === 0 ? 0 : 1) ^ ((byte >>> bit) & 1);
      register = ((register << 1) & mask) ^ (carry === 1 ? polynomial : 0);
    }
    return register;
  });
}
