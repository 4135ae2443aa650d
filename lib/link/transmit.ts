import { InputError, requireInteger } from '../base/index.js';
import { type Channel, equalise, type PowerCheck, perCodeword } from '../channel/index.js';
import type { Rng } from '../math/index.js';
import type { Codec, Codeword, LinkState, Reception } from './codec.js';

/** What a link delivered; every array has one entry a source, in order. */
export interface Transmission<S> {
  received: S[];
  /** Complex channel uses. */
  channelUses: number[];
  /** Wall-clock seconds of `encode` and of `decode` (equalisation not counted). */
  encodeSec: number[];
  decodeSec: number[];
  sideInformationBits: number[];
}

/** How codewords are sent. */
export interface TransmitOptions {
  /** Checked on all codewords before any is sent; when left out the codec's own, or else per codeword. */
  powerConstraint?: PowerCheck;
}

/**
 * Sends each source as one codeword over its own draw of the channel: encode, check the power, apply,
 * equalise, decode. The draw of source i comes from `rng.fork(i)`, so it depends neither on the codec nor
 * on the other sources: two codecs of the same rate meet the same noise.
 * @throws InputError when there are no sources, a codeword breaks the power constraint, or its length is
 *   not what the codec announced.
 */
export async function transmit<S, Shape>(
  codec: Codec<S, Shape>,
  channel: Channel,
  sources: readonly S[],
  rng: Rng,
  options: TransmitOptions = {},
): Promise<Transmission<S>> {
  if (sources.length === 0) throw new InputError('transmission of 0 sources; allowed: 1 or more');
  const powerConstraint = options.powerConstraint ?? codec.powerConstraint ?? perCodeword();
  const link: LinkState = { channel: channel.name, fading: channel.fading, snrDb: channel.snrDb };

  const encoded: Timed<Codeword>[] = [];
  for (const [index, source] of sources.entries()) {
    const result = await timed(() => codec.encode(source, link));
    requireCodeword(codec, source, result.value, index);
    encoded.push(result);
  }
  const codewords = encoded.map(({ value }) => value);
  powerConstraint.checkEach(codewords.map(({ symbols }) => symbols));

  const decoded: Timed<S>[] = [];
  for (const [index, codeword] of codewords.entries()) {
    const reception = sendOne(channel, codeword, rng.fork(index));
    const shape = codec.shapeOf(sources[index]!);
    decoded.push(await timed(() => codec.decode(reception, shape, link)));
  }
  return {
    received: decoded.map(({ value }) => value),
    channelUses: codewords.map(({ symbols }) => symbols.length / 2),
    encodeSec: encoded.map(({ seconds }) => seconds),
    decodeSec: decoded.map(({ seconds }) => seconds),
    sideInformationBits: codewords.map(({ sideInformationBits }) => sideInformationBits),
  };
}

function sendOne(channel: Channel, codeword: Codeword, rng: Rng): Reception {
  const realisation = channel.sample(rng, { codewords: 1, uses: codeword.symbols.length / 2 });
  const { symbols, noiseVariance } = equalise(realisation.apply(codeword.symbols), realisation);
  return { symbols, noiseVariance, side: codeword.side };
}

function requireCodeword<S, Shape>(
  codec: Codec<S, Shape>,
  source: S,
  codeword: Codeword,
  index: number,
): void {
  const announced = codec.channelUses(source);
  const found = codeword.symbols.length / 2;
  if (found !== announced || found < 1) {
    throw new InputError(
      `${codec.name}: codeword ${index} has ${found} channel uses; allowed: ${announced}, 1 or more`,
    );
  }
  requireInteger(
    `${codec.name}: side information bits of codeword ${index}`,
    codeword.sideInformationBits,
    0,
  );
}

interface Timed<T> {
  value: T;
  seconds: number;
}

async function timed<T>(work: () => T | Promise<T>): Promise<Timed<T>> {
  const start = performance.now();
  const value = await work();
  return { value, seconds: (performance.now() - start) / 1000 };
}
