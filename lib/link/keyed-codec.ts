import { InputError } from '../base/index.js';
import type { Codec, Codeword, Reception } from './codec.js';
import type { KeySource } from './key-source.js';
import { KEY_BITS, open, seal } from './key-stream.js';
import { type KeyUse, keyTimetable, type TimetableOptions } from './key-timetable.js';
import { keyedScramble, type ScrambleKind } from './scramble.js';

/** How sources are keyed. */
export interface KeyedOptions extends Omit<TimetableOptions, 'keyBits'> {
  /** Default `rotation`, of which an eavesdropper sees no more than noise; see `SCRAMBLES`. */
  scramble?: ScrambleKind;
  /**
   * Whether the source's number goes into its scramble (default), so that a key which serves several sources scrambles each
   * in another way. Without it a reused key repeats its scramble, and who knows one of its sources reads much of the others.
   */
  numbered?: boolean;
}

/** A codec whose codewords only the holders of the key can read, and which key each had. */
export interface KeyedCodec<S, Shape> extends Codec<S, Shape> {
  /** One entry an encoded source, in order. */
  readonly uses: readonly KeyUse[];
}

/** Bits that say which source and which key a codeword is of. */
const NUMBER_BITS = 64;

/** What travels beside a keyed codeword. */
export interface KeyedSide {
  readonly source: number;
  readonly key: number;
  /** The codec's own side information, encrypted. */
  readonly sealed: Uint8Array;
}

/**
 * Scrambles the codewords of any codec by keys of 256 secret bits from a key source, each source by the newest key that has
 * arrived when it is due, and encrypts the codec's side information by the same key. Energy, rate and what the holder of
 * the key decodes stay as they were. Which source and key it is goes along in the clear, as 64 bits. Secrecy only: nothing
 * here notices a codeword that someone else made.
 *
 * The codec counts the sources that it encodes: make a new one for each run.
 * @param codec its side information, if any, is what JSON can hold
 * @throws InputError when an option is out of range; on encoding when the source makes no key; on decoding a codeword
 *   without the numbers, or with another key.
 */
export function keyedCodec<S, Shape>(
  codec: Codec<S, Shape>,
  keys: KeySource,
  options: KeyedOptions,
): KeyedCodec<S, Shape> {
  const { scramble = 'rotation', numbered = true } = options;
  const timetable = keyTimetable(keys, { ...options, keyBits: KEY_BITS });
  const uses: KeyUse[] = [];
  const secretOf = ({ source, key }: { source: number; key: number }, symbols: Float32Array) => {
    const { bits } = keys.take(key * KEY_BITS, KEY_BITS);
    const number = numbered ? source : 0;
    return { bits, number, scrambled: keyedScramble(scramble, bits, number, symbols.length / 2) };
  };
  return {
    name: `${codec.name}, keyed`,
    ...(codec.powerConstraint === undefined ? {} : { powerConstraint: codec.powerConstraint }),
    uses,
    channelUses: (source) => codec.channelUses(source),
    shapeOf: (source) => codec.shapeOf(source),
    async encode(source, link): Promise<Codeword> {
      const { symbols, sideInformationBits, side: inner } = await codec.encode(source, link);
      const use = timetable.next().value;
      uses.push(use);
      const { bits, number, scrambled } = secretOf(use, symbols);
      const side: KeyedSide = { source: use.source, key: use.key, sealed: seal(bits, number, inner) };
      return {
        symbols: scrambled.apply(symbols),
        sideInformationBits: sideInformationBits + NUMBER_BITS,
        side,
      };
    },
    decode({ symbols, noiseVariance, side }: Reception, like, link) {
      const keyed = requireKeyedSide(codec.name, side);
      const { bits, number, scrambled } = secretOf(keyed, symbols);
      const received: Reception = {
        symbols: scrambled.undo(symbols),
        noiseVariance: scrambled.undoVariance(noiseVariance),
        side: open(bits, number, keyed.sealed),
      };
      return codec.decode(received, like, link);
    },
  };
}

function requireKeyedSide(codec: string, side: unknown): KeyedSide {
  const { source, key, sealed } = (
    typeof side === 'object' && side !== null ? side : {}
  ) as Partial<KeyedSide>;
  if (!Number.isSafeInteger(source) || !Number.isSafeInteger(key) || !(sealed instanceof Uint8Array)) {
    throw new InputError(
      `${codec}, keyed: a codeword without the numbers of its source and key; allowed: what its encode made`,
    );
  }
  return side as KeyedSide;
}
