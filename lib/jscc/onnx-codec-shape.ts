import { InputError, requireChoice, requireInteger, requireRange } from '../base/index.js';
import type { ModelPort, OnnxModel } from '../engine/index.js';

const layouts = ['NHWC', 'NCHW'] as const;
export type PictureLayout = (typeof layouts)[number];

/** What a user says of two models. */
export interface CodecHints {
  /** Complex channel uses per source value, where neither the files' metadata nor their shapes say it. */
  ratio?: number;
  name?: string;
  /** Axes of pictures in files whose metadata does not say them; default NHWC. */
  layout?: PictureLayout;
}

/** What a pair of models takes and gives; a side of -1 is any. */
export interface OnnxCodecShape {
  name: string;
  ratio: number;
  layout: PictureLayout;
  size: { width: number; height: number };
  sideInformationBits: number;
  /** Names of the pictures and symbols, whether a model is told the SNR, whether a scale goes beside. */
  ports: {
    encoder: { picture: string; symbols: string; snr: boolean };
    decoder: { picture: string; symbols: string; snr: boolean };
    scale: boolean;
  };
}

/** Names with a meaning of their own: one number each. */
const scalars = ['snr_db', 'scale'];

/** @throws InputError when the models are no codec of pictures, or do not fit each other. */
export function codecOf(encoder: OnnxModel, decoder: OnnxModel, options: CodecHints): OnnxCodecShape {
  const layout = agreed('picture_layout', encoder, decoder) ?? options.layout ?? 'NHWC';
  requireChoice('picture layout', layout, layouts);
  const from = mainPort(encoder.inputs, 'picture', 'encoder input', ['snr_db']);
  const sent = mainPort(encoder.outputs, 'symbols', 'encoder output', ['scale']);
  const received = mainPort(decoder.inputs, 'symbols', 'decoder input', scalars);
  const to = mainPort(decoder.outputs, 'picture', 'decoder output', []);
  const scale = has(encoder.outputs, 'scale');
  if (scale !== has(decoder.inputs, 'scale')) {
    throw new InputError(
      `codec: the ${scale ? 'encoder gives' : 'decoder takes'} a scale, the other does not`,
    );
  }
  const size = pictureSize(from, layout as PictureLayout, 'encoder input');
  const back = pictureSize(to, layout as PictureLayout, 'decoder output');
  requireSame('width', size.width, back.width);
  requireSame('height', size.height, back.height);
  const uses = usesIn(sent, 'encoder output');
  requireSame('channel uses', uses, usesIn(received, 'decoder input'));
  return {
    name: options.name ?? agreed('codec', encoder, decoder) ?? 'onnx',
    layout: layout as PictureLayout,
    size,
    ratio: ratioOf(options.ratio ?? agreed('bandwidth_ratio', encoder, decoder), uses, size),
    sideInformationBits: sideBits(scale, agreed('side_information_bits', encoder, decoder)),
    ports: {
      encoder: { picture: from.name, symbols: sent.name, snr: has(encoder.inputs, 'snr_db') },
      decoder: { picture: to.name, symbols: received.name, snr: has(decoder.inputs, 'snr_db') },
      scale,
    },
  };
}

const has = (ports: readonly ModelPort[], name: string) => ports.some((port) => port.name === name);

/** What the metadata of both says, if any says it. */
function agreed(key: string, { metadata: a }: OnnxModel, { metadata: b }: OnnxModel): string | undefined {
  if (a[key] !== undefined && b[key] !== undefined && a[key] !== b[key]) {
    const [first, second] = [a[key], b[key]].map((text) => JSON.stringify(text!.slice(0, 80)));
    throw new InputError(
      `codec: ${key} is ${first} in the encoder and ${second} in the decoder; allowed: the same`,
    );
  }
  return a[key] ?? b[key];
}

/** The picture or the symbols: by name, or what is left besides the numbers that may stand here. */
function mainPort(
  ports: readonly ModelPort[],
  name: string,
  what: string,
  numbers: readonly string[],
): ModelPort {
  const rest = ports.filter((port) => !numbers.includes(port.name));
  const found = rest.find((port) => port.name === name) ?? rest[0];
  if (rest.length !== 1 || !found) {
    const names = ports.map((port) => port.name).join(', ') || 'none';
    const allowed = [name, ...numbers].join(', ');
    throw new InputError(`${what}s are ${names}; allowed: ${allowed}`);
  }
  for (const port of ports) {
    const isNumber = port !== found;
    if (port.type !== 'float32' || (isNumber && port.shape.join() !== '1')) {
      const allowed = isNumber ? 'float32 [1]' : 'float32';
      throw new InputError(`${what} ${port.name} is ${port.type} [${port.shape}]; allowed: ${allowed}`);
    }
  }
  return found;
}

const one = (length: number | undefined) => length === 1 || length === -1;

function pictureSize(
  { name, shape }: ModelPort,
  layout: PictureLayout,
  what: string,
): OnnxCodecShape['size'] {
  const [height, width, colours] = layout === 'NHWC' ? [1, 2, 3] : [2, 3, 1];
  const fits = shape.length === 4 && one(shape[0]) && [3, -1].includes(shape[colours!]!);
  if (!fits) {
    const allowed = layout === 'NHWC' ? '[1, height, width, 3]' : '[1, 3, height, width]';
    throw new InputError(`${what} ${name} has shape [${shape}]; allowed: ${allowed}`);
  }
  return { height: shape[height!]!, width: shape[width!]! };
}

function usesIn({ name, shape }: ModelPort, what: string): number {
  if (shape.length !== 3 || !one(shape[0]) || ![2, -1].includes(shape[2]!)) {
    throw new InputError(`${what} ${name} has shape [${shape}]; allowed: [1, channel uses, 2]`);
  }
  return shape[1]!;
}

function requireSame(what: string, encoder: number, decoder: number): void {
  if (encoder !== decoder && encoder >= 0 && decoder >= 0) {
    throw new InputError(`codec: ${what} ${encoder} in the encoder and ${decoder} in the decoder`);
  }
}

function ratioOf(said: number | string | undefined, uses: number, size: OnnxCodecShape['size']): number {
  const fixed = uses >= 0 && size.width >= 0 && size.height >= 0;
  const found = fixed ? uses / (3 * size.width * size.height) : undefined;
  if (said === undefined && found === undefined) {
    throw new InputError('codec: neither metadata nor shapes say the bandwidth ratio; say it as `ratio`');
  }
  const ratio = requireRange('bandwidth ratio', Number(said ?? found), 1e-6, 100);
  if (found !== undefined && Math.abs(found / ratio - 1) > 1e-6) {
    throw new InputError(`codec: bandwidth ratio ${ratio}; the shapes of the models give ${found}`);
  }
  return ratio;
}

/** A number in single precision where the metadata does not say how few bits it takes. */
function sideBits(scale: boolean, said: string | undefined): number {
  if (!scale) return 0;
  return requireInteger('side information bits', Number(said ?? 32), 1, 1024);
}
