import { InputError } from '../base/index.js';
import type { Codec, Codeword, Reception } from './codec.js';
import type { KeySource } from './key-source.js';
import { type KeyUse, keyTimetable, type TimetableOptions } from './key-timetable.js';
import { keyedScramble, SCRAMBLE_KEY_BITS, type Scramble, type ScrambleKind } from './scramble.js';

/** How sources are keyed. */
export interface KeyedOptions extends Omit<TimetableOptions, 'keyBits'> {
  /** Default `rotation`, whose values tell nothing but their number; see `SCRAMBLES`. */
  scramble?: ScrambleKind;
  /**
   * Whether the source's number goes into its scramble (default), so that a key which serves several sources scrambles each
   * in another way. Without it a reused key repeats its scramble, and who knows one of its sources reads all of them.
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

interface KeyedSide {
  source: number;
  key: number;
  inner: unknown;
}

/**
 * Scrambles the codewords of any codec by keys of 256 secret bits from a key source, each source by the newest key that has
 * arrived when it is due. Energy, rate and what the holder of the key decodes stay as they were. Which source and key it
 * is goes along in the clear, as 64 bits beside the codec's own side information, which stays in the clear too.
 *
 * The codec counts the sources that it encodes: make a new one for each run.
 * @throws InputError when an option is out of range; on encoding when the source makes no key; on decoding a codeword
 *   without the numbers.
 */
export function keyedCodec<S, Shape>(
  codec: Codec<S, Shape>,
  keys: KeySource,
  options: KeyedOptions,
): KeyedCodec<S, Shape> {
  const { scramble = 'rotation', numbered = true } = options;
  const timetable = keyTimetable(keys, { ...options, keyBits: SCRAMBLE_KEY_BITS });
  const uses: KeyUse[] = [];
  const scrambleOf = ({ source, key }: { source: number; key: number }, symbols: Float32Array): Scramble => {
    const { bits } = keys.take(key * SCRAMBLE_KEY_BITS, SCRAMBLE_KEY_BITS);
    return keyedScramble(scramble, bits, numbered ? source : 0, symbols.length / 2);
  };
  return {
    name: `${codec.name}, keyed`,
    ...(codec.powerConstraint === undefined ? {} : { powerConstraint: codec.powerConstraint }),
    uses,
    channelUses: (source) => codec.channelUses(source),
    shapeOf: (source) => codec.shapeOf(source),
    async encode(source, link): Promise<Codeword> {
      const { symbols, sideInformationBits, side } = await codec.encode(source, link);
      const use = timetable.next().value;
      uses.push(use);
      const keyed: KeyedSide = { source: use.source, key: use.key, inner: side };
      return {
        symbols: scrambleOf(use, symbols).apply(symbols),
        sideInformationBits: sideInformationBits + NUMBER_BITS,
        side: keyed,
      };
    },
    decode({ symbols, noiseVariance, side }: Reception, like, link) {
      const keyed = requireKeyedSide(codec.name, side);
      const undone = scrambleOf(keyed, symbols);
      const received: Reception = {
        symbols: undone.undo(symbols),
        noiseVariance: undone.undoVariance(noiseVariance),
        side: keyed.inner,
      };
      return codec.decode(received, like, link);
    },
  };
}

function requireKeyedSide(codec: string, side: unknown): KeyedSide {
  const { source, key } = (typeof side === 'object' && side !== null ? side : {}) as Partial<KeyedSide>;
  if (!Number.isSafeInteger(source) || !Number.isSafeInteger(key)) {
    throw new InputError(
      `${codec}, keyed: a codeword without the numbers of its source and key; allowed: what its encode made`,
    );
  }
  return side as KeyedSide;
}
