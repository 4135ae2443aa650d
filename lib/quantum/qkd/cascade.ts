import { InputError, requireInteger, requireRange } from '../../base/index.js';
import type { Rng } from '../../math/index.js';

/** What error correction did. */
export interface Reconciliation {
  /** Bob's bits, corrected. */
  bits: Uint8Array;
  /** Parities of Alice's bits that were told in public. */
  leakedBits: number;
  /** Bits that were flipped. */
  corrections: number;
  /** Exchanges of messages, one after the other; blocks of one size are searched side by side. */
  rounds: number;
}

/** One pass: bits in an order of its own, cut into blocks. */
interface Pass {
  order: Uint32Array;
  /** Where a bit stands in the order. */
  place: Uint32Array;
  size: number;
  /** Blocks whose parities differ. */
  odd: Set<number>;
}

/**
 * Cascade (Brassard and Salvail 1993): parities of blocks of 0.73 / e bits in a first pass, of four times as many in a
 * second, and of halves of the key in the rest, each after a shuffle of its own; a block whose parities differ is halved
 * until the error stands alone, and every bit that is corrected reopens the blocks of all other passes in which it lies.
 * Large late blocks tell least (Martinez-Mateo, Pacher, Peev, Ciurana and Martin 2015).
 * @param options.errorRate expected share of bits that differ; sets the block size only
 * @param options.passes 2 to 20, 10 when left out: each pass of halves finds an error left over half the time
 * @throws InputError when lengths differ or an option is out of range.
 */
export function cascade(
  alice: Uint8Array,
  bob: Uint8Array,
  options: { errorRate: number; passes?: number },
  rng: Rng,
): Reconciliation {
  if (alice.length !== bob.length) {
    throw new InputError(`keys of ${alice.length} and ${bob.length} bits; allowed: equal lengths`);
  }
  const passes = requireInteger('passes', options.passes ?? 10, 2, 20);
  const first = firstBlock(requireRange('errorRate', options.errorRate, 0, 0.5), alice.length);
  const state: State = { alice, bits: bob.slice(), done: [], leakedBits: 0, corrections: 0, rounds: 0 };
  for (let k = 0; k < passes && alice.length > 0; k++) {
    const size = Math.min(Math.ceil(alice.length / 2), k < 2 ? first * 4 ** k : Number.POSITIVE_INFINITY);
    const shuffle = rng.fork(`pass ${k}`);
    const order = k === 0 ? identity(alice.length) : shuffle.permutation(alice.length);
    open(state, order, size);
    settle(state);
  }
  const { bits, leakedBits, corrections, rounds } = state;
  return { bits, leakedBits, corrections, rounds };
}

interface State extends Reconciliation {
  alice: Uint8Array;
  done: Pass[];
}

const identity = (length: number): Uint32Array => Uint32Array.from({ length }, (_, k) => k);

function firstBlock(errorRate: number, length: number): number {
  return Math.max(2, Math.min(Math.ceil(length / 2), Math.ceil(0.73 / Math.max(errorRate, 1e-6))));
}

/** Compares the parities of all blocks of a new pass. */
function open(state: State, order: Uint32Array, size: number): void {
  const place = new Uint32Array(order.length);
  for (let k = 0; k < order.length; k++) place[order[k]!] = k;
  const pass: Pass = { order, place, size, odd: new Set() };
  const blocks = Math.ceil(order.length / size);
  for (let block = 0; block < blocks; block++) {
    if (differs(state, order, block * size, Math.min(order.length, (block + 1) * size))) pass.odd.add(block);
  }
  state.done.push(pass);
  state.leakedBits += blocks;
  state.rounds++;
}

function differs({ alice, bits }: State, order: Uint32Array, from: number, to: number): boolean {
  let parity = 0;
  for (let k = from; k < to; k++) parity ^= alice[order[k]!]! ^ bits[order[k]!]!;
  return parity === 1;
}

/** Corrects one error in every block that differs, smallest blocks first, until none differs. */
function settle(state: State): void {
  for (;;) {
    const pass = state.done.find(({ odd }) => odd.size > 0);
    if (pass === undefined) return;
    let halvings = 0;
    for (const block of [...pass.odd]) halvings = Math.max(halvings, correctOne(state, pass, block));
    state.rounds += halvings;
  }
}

/** Halves a block down to its error, flips the bit and returns how many parities that took. */
function correctOne(state: State, { order, size }: Pass, block: number): number {
  let from = block * size;
  let to = Math.min(order.length, from + size);
  let halvings = 0;
  for (; to - from > 1; halvings++) {
    const middle = (from + to) >> 1;
    if (differs(state, order, from, middle)) to = middle;
    else from = middle;
  }
  const bit = order[from]!;
  state.bits[bit]! ^= 1;
  state.corrections++;
  state.leakedBits += halvings;
  for (const pass of state.done) {
    const other = Math.floor(pass.place[bit]! / pass.size);
    if (!pass.odd.delete(other)) pass.odd.add(other);
  }
  return halvings;
}
