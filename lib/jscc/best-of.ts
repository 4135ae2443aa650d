import { awgn, equalise } from '../channel/index.js';
import type { Codec, Codeword, LinkState, Reception } from '../link/index.js';
import { Rng } from '../math/index.js';
import { mse, type Picture } from '../source/index.js';
import type { PictureShape } from './symbols.js';

type PictureCodec = Codec<Picture, PictureShape>;

interface Choice {
  index: number;
  side: unknown;
}

/**
 * A codec with a mode decision: each picture is sent by whichever of the codecs does better on it, as the
 * encoder finds by decoding a trial transmission over AWGN at the link's mean SNR. Which one it was travels
 * as side information. All must take the same channel uses for a picture.
 */
export function bestOf(name: string, codecs: readonly [PictureCodec, ...PictureCodec[]]): PictureCodec {
  const choiceBits = Math.ceil(Math.log2(codecs.length));
  return {
    name,
    channelUses: (picture) => codecs[0].channelUses(picture),
    shapeOf: (picture) => codecs[0].shapeOf(picture),
    async encode(picture, link): Promise<Codeword> {
      let best: { index: number; codeword: Codeword; error: number } | undefined;
      for (const [index, codec] of codecs.entries()) {
        const codeword = await codec.encode(picture, link);
        const error = await trial(codec, codeword, picture, link);
        if (!best || error < best.error) best = { index, codeword, error };
      }
      const { index, codeword } = best!;
      const side: Choice = { index, side: codeword.side };
      return { ...codeword, sideInformationBits: codeword.sideInformationBits + choiceBits, side };
    },
    decode(received: Reception, shape, link) {
      const { index, side } = received.side as Choice;
      return codecs[index]!.decode({ ...received, side }, shape, link);
    },
  };
}

/** Squared error of one trial; all codecs meet the same noise. */
async function trial(
  codec: PictureCodec,
  codeword: Codeword,
  picture: Picture,
  link: LinkState,
): Promise<number> {
  const uses = codeword.symbols.length / 2;
  const realisation = awgn({ snrDb: link.snrDb }).sample(Rng.of('mode decision'), { codewords: 1, uses });
  const received = equalise(realisation.apply(codeword.symbols), realisation);
  const decoded = await codec.decode({ ...received, side: codeword.side }, codec.shapeOf(picture), link);
  return mse(picture, decoded);
}
