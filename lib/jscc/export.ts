import { InputError, requireInteger, writeFileAtomic } from '../base/index.js';
import { traceModel } from '../engine/index.js';
import { snapshot } from '../nn/index.js';
import type { CodecPart, PictureSize } from './codec-part.js';

/** The value of `format` in the metadata of files that this module writes. */
export const codecFormat = 'semwave codec 1';
const largestSide = 16_384;

/**
 * An encoder or decoder as an ONNX model for pictures of one size: the bytes of the file. It holds standard
 * operators only and runs in any ONNX Runtime from 1.18 on.
 *
 * Encoder: `picture` [1, height, width, 3] in [0, 1] to `symbols` [1, channel uses, 2], real and imaginary
 * part, of unit mean energy. Decoder: equalised symbols to the picture. The default codec takes
 * `snr_db` [1] too, the encoder that of the link, the decoder that of the reception (-10 log10 of its noise
 * variance), and its encoder gives `scale` [1], which the decoder needs: the side information. The metadata
 * says all this, with the bandwidth ratio.
 * @throws InputError for a size that the codec does not take, or where engine onnx does not run.
 */
export async function codecModel(part: CodecPart, size: PictureSize): Promise<Uint8Array> {
  requireSize(part, size);
  // An engine on a graphics processor hands its values to another one only once they have been read.
  await snapshot(part.parameters);
  return traceModel((inputs) => part.apply(inputs, size), {
    inputs: part.inputs(size),
    metadata: metadataOf(part),
  });
}

/** Writes `codecModel` to a file. @throws InputError as it does, or when the file cannot be written. */
export async function exportOnnx(part: CodecPart, path: string, size: PictureSize): Promise<void> {
  writeFileAtomic(path, await codecModel(part, size));
}

function requireSize({ codec, sideMultiple }: CodecPart, { width, height }: PictureSize): void {
  for (const [name, side] of Object.entries({ width, height })) {
    requireInteger(`${name} of the pictures`, side, 1, largestSide);
    if (side % sideMultiple !== 0) {
      throw new InputError(`${codec}: ${name} is ${side}; allowed: a multiple of ${sideMultiple}`);
    }
  }
}

function metadataOf({
  role,
  codec,
  ratio,
  snrRangeDb,
  sideInformationBits,
}: CodecPart): Record<string, string> {
  return {
    format: codecFormat,
    codec,
    role,
    bandwidth_ratio: String(ratio),
    bandwidth_ratio_unit: 'complex channel uses per source value',
    picture_layout: 'NHWC',
    picture_range: '[0, 1]',
    symbols_layout: '[codeword, channel use, (real, imaginary)]',
    power_normalisation: 'unit mean energy of the complex symbols of each codeword',
    ...(snrRangeDb && { snr_input: 'snr_db', snr_range_db: snrRangeDb.join(' ') }),
    ...(sideInformationBits && {
      side_information: 'scale',
      side_information_bits: String(sideInformationBits),
    }),
  };
}
