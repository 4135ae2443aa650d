import { InputError } from '../../base/index.js';

/** A digest of what happened in a simulation, and in which order. */
export interface Trace {
  /** Events recorded so far. */
  readonly length: number;
  /** Appends one event; `values` are integers (counts, indices, bits, picoseconds). @throws InputError for another value. */
  record(timePs: number, entity: string, kind: string, ...values: number[]): void;
  /** The hash of all events so far: 16 hexadecimal digits. */
  hash(): string;
}

const TWO_TO_32 = 2 ** 32;

/**
 * An empty trace. Two runs with equal hashes logged the same events; all arithmetic is on 32-bit integers, so the hash is
 * the same on any machine. Two lanes of multiply-rotate mixing with the finaliser of MurmurHash3 (Appleby, public
 * domain): 64 bits against accidents, none against forgery.
 */
export function eventTrace(): Trace {
  const names = new Map<string, readonly [number, number]>();
  const lanes = new Int32Array([0x243f6a88, 0x85a308d3]);
  let length = 0;

  const absorb = (word: number) => mixInto(lanes, word);
  const absorbInteger = (value: number) => {
    if (!Number.isSafeInteger(value)) {
      throw new InputError(`value of an event is ${value}; allowed: an integer of at most 53 bits`);
    }
    absorb(value | 0);
    absorb(Math.floor(value / TWO_TO_32) | 0);
  };
  const absorbName = (name: string) => {
    let digest = names.get(name);
    if (digest === undefined) {
      digest = digestOf(name);
      names.set(name, digest);
    }
    absorb(digest[0]);
    absorb(digest[1]);
  };

  return {
    get length() {
      return length;
    },
    record(timePs, entity, kind, ...values) {
      absorbInteger(timePs);
      absorbName(entity);
      absorbName(kind);
      absorb(values.length);
      for (const value of values) absorbInteger(value);
      length++;
    },
    hash() {
      const [first, second] = [finished(lanes[0]! ^ length), finished(lanes[1]! + lanes[0]!)];
      return hex(first) + hex(second);
    },
  };
}

function mixInto(lanes: Int32Array, word: number): void {
  const first = Math.imul(lanes[0]! ^ word, 0x85ebca6b);
  const second = Math.imul(lanes[1]! + word, 0xc2b2ae35);
  lanes[0] = ((first << 13) | (first >>> 19)) + second;
  lanes[1] = ((second << 17) | (second >>> 15)) ^ first;
}

function digestOf(name: string): [number, number] {
  const lanes = new Int32Array([0x13198a2e, 0x03707344]);
  mixInto(lanes, name.length);
  for (let index = 0; index < name.length; index++) mixInto(lanes, name.charCodeAt(index));
  return [lanes[0]!, lanes[1]!];
}

/** The finaliser of MurmurHash3: every bit of the input reaches every bit of the output. */
function finished(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

const hex = (word: number): string => (word >>> 0).toString(16).padStart(8, '0');
