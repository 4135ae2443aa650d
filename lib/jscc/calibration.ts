import { type Channel, equalise } from '../channel/index.js';
import type { ModelTensor } from '../engine/index.js';
import type { Rng } from '../math/index.js';
import type { Picture } from '../source/index.js';
import type { CodecPart, NeuralCodec } from './codec-part.js';
import { blockNoise } from './symbols.js';

/**
 * What an exported encoder or decoder is given when pictures go over a channel: inputs to calibrate its
 * quantisation on, or to time it with.
 * @param role whose inputs
 */
export async function modelInputs(
  codec: NeuralCodec,
  role: CodecPart['role'],
  pictures: readonly Picture[],
  channel: Channel,
  rng: Rng,
): Promise<Record<string, ModelTensor>[]> {
  const link = { channel: channel.name, fading: channel.fading, snrDb: channel.snrDb };
  const inputs: Record<string, ModelTensor>[] = [];
  for (const [i, picture] of pictures.entries()) {
    if (role === 'encoder') {
      inputs.push(named(codec.encoder, picture, { picture: picture.data, snr_db: [channel.snrDb] }));
      continue;
    }
    const { symbols, side } = await codec.encode(picture, link);
    const realisation = channel.sample(rng.fork(i), { codewords: 1, uses: symbols.length / 2 });
    const reception = equalise(realisation.apply(symbols), realisation);
    const snrDb = -10 * Math.log10(blockNoise(reception, codec.name));
    const values = { symbols: reception.symbols, snr_db: [snrDb], scale: [side as number] };
    inputs.push(named(codec.decoder, picture, values));
  }
  return inputs;
}

/** Of these values, those that the part takes. */
function named(
  part: CodecPart,
  picture: Picture,
  values: Record<string, ArrayLike<number>>,
): Record<string, ModelTensor> {
  const shapes = Object.entries(part.inputs(picture));
  return Object.fromEntries(
    shapes.map(([name, { shape }]) => [name, { data: Float32Array.from(values[name]!), shape }]),
  );
}
