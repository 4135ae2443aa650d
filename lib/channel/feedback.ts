import * as tf from '@tensorflow/tfjs-core';
import { InputError, requireInteger } from '../base/index.js';
import type { Rng } from '../math/index.js';
import { gainIndex, gainTensor, multiply, tensorOf } from './realisation.js';
import type { Channel, ChannelShape, ComplexTensor, Realisation } from './types.js';

/**
 * A forward and a feedback link used in turn, symbol by symbol: `T` holds the symbols of all codewords at one use,
 * an interleaved array (2 * codewords numbers) or tensors [codewords, 1].
 */
export interface FeedbackLink<T> {
  readonly uses: number;
  /** What the receiver gets at a use. @throws InputError when the use or the symbols' size does not fit. */
  forward(use: number, symbols: T): T;
  /** What the transmitter gets back of a reply at a use. @throws InputError as above. */
  back(use: number, reply: T): T;
}

/** One draw of a feedback channel, for arrays and for tensors (differentiable). */
export interface FeedbackRealisation {
  readonly shape: ChannelShape;
  readonly forward: Realisation;
  /** Undefined where the feedback is free of noise. */
  readonly back: Realisation | undefined;
  readonly arrays: FeedbackLink<Float32Array>;
  readonly tensors: FeedbackLink<ComplexTensor>;
}

/** A channel with a way back. */
export interface FeedbackChannel {
  readonly name: string;
  /** @throws InputError when the shape is not of positive integers. */
  sample(rng: Rng, shape: ChannelShape): FeedbackRealisation;
}

/**
 * A channel with feedback (Shannon 1956; Schalkwijk and Kailath 1966): each use sends a symbol forward and then one
 * back.
 * @param options.forward such as `awgn({ snrDb })`
 * @param options.back the feedback link; free of noise when left out
 */
export function feedbackChannel(options: { forward: Channel; back?: Channel }): FeedbackChannel {
  return {
    name: `feedback-${options.forward.name}-${options.back?.name ?? 'noiseless'}`,
    sample(rng, shape) {
      const forward = options.forward.sample(rng, shape);
      const back = options.back?.sample(rng, shape);
      return {
        shape: forward.shape,
        forward,
        back,
        arrays: linkOf(forward, back, stepArray),
        tensors: linkOf(forward, back, stepTensor),
      };
    },
  };
}

/** How the two ends of a feedback code behave, one use at a time. */
export interface FeedbackProtocol<T> {
  /** The symbols to send at a use, from what came back of the uses before it: a delay of one use. */
  encode(use: number, heard: readonly T[]): T;
  /**
   * What the receiver sends back, from what it has received, this use included; the received symbols themselves
   * (passive feedback) when left out.
   */
  reply?(use: number, received: readonly T[]): T;
}

/**
 * Runs a feedback code over all uses: at each one the transmitter sends, the receiver gets and replies, and the
 * transmitter hears the reply before the next. Nobody sees what is not there yet.
 * @returns what the receiver got, use by use
 */
export function exchange<T>(link: FeedbackLink<T>, protocol: FeedbackProtocol<T>): T[] {
  const received: T[] = [];
  const heard: T[] = [];
  for (let use = 0; use < link.uses; use++) {
    received.push(link.forward(use, protocol.encode(use, [...heard])));
    const reply = protocol.reply ? protocol.reply(use, [...received]) : received[use]!;
    heard.push(link.back(use, reply));
  }
  return received;
}

type Step<T> = (realisation: Realisation, use: number, symbols: T) => T;

function linkOf<T>(forward: Realisation, back: Realisation | undefined, step: Step<T>): FeedbackLink<T> {
  const { uses } = forward.shape;
  const checked = (use: number) => requireInteger('use', use, 0, uses - 1);
  return {
    uses,
    forward: (use, symbols) => step(forward, checked(use), symbols),
    back: (use, reply) => (back ? step(back, checked(use), reply) : reply),
  };
}

/** Where each codeword's symbol of a use meets the noise, and where its gain. */
function placesOf({ shape, fading }: Realisation, use: number): { noise: number; gain: number }[] {
  return Array.from({ length: shape.codewords }, (_, codeword) => {
    const index = codeword * shape.uses + use;
    return { noise: 2 * index, gain: 2 * gainIndex(fading, index, shape.uses) };
  });
}

function stepArray(realisation: Realisation, use: number, symbols: Float32Array): Float32Array {
  const { shape, gains, noise } = realisation;
  if (symbols.length !== 2 * shape.codewords) {
    throw new InputError(`${symbols.length} numbers; allowed: ${2 * shape.codewords}, a symbol a codeword`);
  }
  const out = new Float32Array(symbols.length);
  placesOf(realisation, use).forEach((place, codeword) => {
    const [hr, hi] = [gains[place.gain]!, gains[place.gain + 1]!];
    const [xr, xi] = [symbols[2 * codeword]!, symbols[2 * codeword + 1]!];
    out[2 * codeword] = hr * xr - hi * xi + noise[place.noise]!;
    out[2 * codeword + 1] = hr * xi + hi * xr + noise[place.noise + 1]!;
  });
  return out;
}

function stepTensor(realisation: Realisation, use: number, symbols: ComplexTensor): ComplexTensor {
  const { shape, gains, noise } = realisation;
  for (const part of [symbols.re, symbols.im]) {
    if (part.rank !== 2 || part.shape[0] !== shape.codewords || part.shape[1] !== 1) {
      throw new InputError(`symbols of shape [${part.shape}]; allowed: [${shape.codewords},1]`);
    }
  }
  const places = placesOf(realisation, use);
  const at = (values: Float32Array, starts: number[]) =>
    Float32Array.from(starts.flatMap((start) => [values[start]!, values[start + 1]!]));
  const [re, im] = tf.tidy(() => {
    const one = { codewords: shape.codewords, uses: 1 };
    const h = gainTensor(
      at(
        gains,
        places.map(({ gain }) => gain),
      ),
      'block',
      one,
    );
    const n = tensorOf(
      at(
        noise,
        places.map(({ noise: start }) => start),
      ),
      shape.codewords,
      1,
    );
    const faded = multiply(symbols, h);
    return [tf.add(faded.re, n.re), tf.add(faded.im, n.im)] as [tf.Tensor2D, tf.Tensor2D];
  });
  return { re, im };
}
