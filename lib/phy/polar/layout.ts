import { InputError } from '../../base/index.js';
import { frozenMask, nrSequence } from './construction.js';
import {
  inputInterleaver,
  inputInterleaverLimit,
  subBlockInterleaver,
  triangularInterleaver,
} from './interleavers.js';

/** Which direction's interleavers a code has: of the coded bits (uplink) or of the bits to encode (downlink). */
export type PolarLink = 'uplink' | 'downlink';

/** Where the bits of a rate-matched polar code go. */
export interface PolarLayout {
  /** N, the length of the polar transform. */
  readonly length: number;
  /** 1 where an input of the transform is frozen to 0, N of them. */
  readonly frozen: Uint8Array;
  /** Transform input of bit i of the K information and CRC bits. */
  readonly inputs: Uint16Array;
  /** Transform output that is sent as coded bit i of n. */
  readonly outputs: Uint16Array;
  /** Transform outputs that are always 0 and not sent. */
  readonly shortened: Uint16Array;
}

/** How 3GPP TS 38.212 §5.4.1.2 fits N coded bits to n. */
type RateMatching = 'repetition' | 'puncturing' | 'shortening';

/**
 * Lays out a polar code of K bits to encode (the CRC's included) and n coded bits as 3GPP TS 38.212 §5.3.1
 * and §5.4.1 do, without parity-check bits.
 * @param sequence replaces NR's reliability order; its length must be the transform's
 * @throws InputError when the bits do not fit.
 */
export function polarLayout(
  count: number,
  n: number,
  link: PolarLink,
  sequence?: readonly number[],
): PolarLayout {
  const length = motherLength(count, n, link);
  requireFit(count, n, length, link);
  const matching = n >= length ? 'repetition' : count / n <= 7 / 16 ? 'puncturing' : 'shortening';
  const order = subBlockInterleaver(length);
  const excluded = unusable(matching, order, n);
  const frozen = frozenMask(requireSequence(sequence, length) ?? nrSequence(length), count, excluded);
  return {
    length,
    frozen,
    inputs: inputsOf(frozen, count, link),
    outputs: outputsOf(matching, order, n, link),
    shortened: matching === 'shortening' ? order.slice(n) : new Uint16Array(0),
  };
}

/** N of 3GPP TS 38.212 §5.3.1. */
function motherLength(count: number, n: number, link: PolarLink): number {
  const above = Math.ceil(Math.log2(n));
  const fitsBelow = n <= (9 / 8) * 2 ** (above - 1) && count / n < 9 / 16;
  const largest = link === 'uplink' ? 10 : 9;
  const ofRate = Math.ceil(Math.log2(8 * count));
  return 2 ** Math.max(Math.min(fitsBelow ? above - 1 : above, ofRate, largest), 5);
}

function requireFit(count: number, n: number, length: number, link: PolarLink): void {
  const most = Math.min(n, length, link === 'downlink' ? inputInterleaverLimit : length);
  if (count > most) {
    throw new InputError(`${count} information and CRC bits; allowed: ${most} in ${n} coded bits, ${link}`);
  }
}

function requireSequence(
  sequence: readonly number[] | undefined,
  length: number,
): readonly number[] | undefined {
  if (!sequence) return undefined;
  const positions = new Set(sequence.filter((p) => Number.isInteger(p) && p >= 0 && p < length));
  if (sequence.length !== length || positions.size !== length) {
    throw new InputError(
      `sequence of ${sequence.length} positions, ${positions.size} of them usable; allowed: each of 0 to ${length - 1} once`,
    );
  }
  return sequence;
}

/** Transform inputs that rate matching makes useless, §5.4.1.1. */
function unusable(matching: RateMatching, order: Uint16Array, n: number): Set<number> {
  const length = order.length;
  if (matching === 'repetition') return new Set();
  if (matching === 'shortening') return new Set(order.subarray(n));
  const excluded = new Set(order.subarray(0, length - n));
  const weakest = n >= (3 * length) / 4 ? (3 * length) / 4 - n / 2 : (9 * length) / 16 - n / 4;
  for (let position = 0; position < Math.ceil(weakest); position++) excluded.add(position);
  return excluded;
}

function inputsOf(frozen: Uint8Array, count: number, link: PolarLink): Uint16Array {
  const free = [...frozen.keys()].filter((position) => frozen[position] === 0);
  if (link === 'uplink') return Uint16Array.from(free);
  const inputs = new Uint16Array(count);
  inputInterleaver(count).forEach((bit, i) => {
    inputs[bit] = free[i]!;
  });
  return inputs;
}

/** Bit selection §5.4.1.2 and interleaving of coded bits §5.4.1.3. */
function outputsOf(matching: RateMatching, order: Uint16Array, n: number, link: PolarLink): Uint16Array {
  const first = matching === 'puncturing' ? order.length - n : 0;
  const selected = Uint16Array.from({ length: n }, (_, i) => order[(first + i) % order.length]!);
  return link === 'uplink' ? triangularInterleaver(n).map((i) => selected[i]!) : selected;
}
