import { InputError } from '../../base/index.js';

/** Shares of an alphabet in 65,536ths: symbol n has those from `starts[n]` to `starts[n + 1]`, at least one. */
export interface SymbolTable {
  readonly starts: Uint32Array;
}

const BITS = 16;
export const TOTAL = 2 ** BITS;
const LOWEST = 2 ** 23;
const STATE_BYTES = 4;

/** A table of given probabilities, each rounded, none to nothing. At most 4,096 of them. */
export function symbolTable(probabilities: ArrayLike<number>): SymbolTable {
  const size = probabilities.length;
  let sum = 0;
  for (let n = 0; n < size; n++) sum += probabilities[n]!;
  const starts = new Uint32Array(size + 1);
  let before = 0;
  for (let n = 0; n < size; n++) {
    before += probabilities[n]!;
    starts[n + 1] = n + 1 + Math.round(((TOTAL - size) * before) / sum);
  }
  return { starts };
}

/** What is coded one after the other: a share of a table. */
interface Share {
  readonly start: number;
  readonly size: number;
}

/** Collects symbols, then turns them into bytes: asymmetric numeral system over ranges, byte by byte (Duda 2013). */
export function symbolWriter() {
  const shares: Share[] = [];
  return {
    write({ starts }: SymbolTable, symbol: number): void {
      const start = starts[symbol]!;
      shares.push({ start, size: starts[symbol + 1]! - start });
    },
    finish: () => encoded(shares),
  };
}

function encoded(shares: readonly Share[]): Uint8Array {
  const reversed: number[] = [];
  let state = LOWEST;
  for (let n = shares.length - 1; n >= 0; n--) {
    const { start, size } = shares[n]!;
    const most = (LOWEST / TOTAL) * 256 * size;
    while (state >= most) {
      reversed.push(state % 256);
      state = Math.floor(state / 256);
    }
    state = Math.floor(state / size) * TOTAL + (state % size) + start;
  }
  for (let byte = 0; byte < STATE_BYTES; byte++) {
    reversed.push(state % 256);
    state = Math.floor(state / 256);
  }
  return Uint8Array.from(reversed.reverse());
}

/** Reads symbols back in their order, by the same tables. */
export function symbolReader(bytes: Uint8Array) {
  let at = 0;
  const next = () => {
    if (at === bytes.length)
      throw new InputError(`symbols end after ${bytes.length} bytes; allowed: whole packets`);
    return bytes[at++]!;
  };
  let state = 0;
  for (let byte = 0; byte < STATE_BYTES; byte++) state = state * 256 + next();
  return {
    read({ starts }: SymbolTable): number {
      const slot = state % TOTAL;
      const symbol = lastNotAbove(starts, slot);
      state = (starts[symbol + 1]! - starts[symbol]!) * Math.floor(state / TOTAL) + slot - starts[symbol]!;
      while (state < LOWEST) state = state * 256 + next();
      return symbol;
    },
    /** @throws InputError when the bytes were not all, or not what the tables say. */
    finish(): void {
      if (at !== bytes.length || state !== LOWEST)
        throw new InputError(
          `symbols of ${bytes.length} bytes are damaged; allowed: what was written by the same tables`,
        );
    },
  };
}

function lastNotAbove(starts: Uint32Array, slot: number): number {
  let [low, high] = [0, starts.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= slot) low = middle;
    else high = middle;
  }
  return low;
}
