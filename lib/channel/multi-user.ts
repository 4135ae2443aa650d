import * as tf from '@tensorflow/tfjs-core';
import { InputError, requireRange } from '../base/index.js';
import type { Rng } from '../math/index.js';
import { awgn } from './channels.js';
import { realisationOf, tensorOf } from './realisation.js';
import type { Channel, ChannelShape, ComplexTensor, Realisation } from './types.js';

/** How one user's signal reaches the receiver: the gains are taken, as of `rayleigh` or `awgn`. */
export type LinkModel = (options: { snrDb: number }) => Channel;

/** Of a receiver that hears several users at once. */
export interface MultiUserOptions {
  /** Mean Es/N0 in dB of a user of 0 dB, -50 to 100. */
  snrDb: number;
  /** Power of each user in dB, -50 to 50; 1 to 256 users. */
  powersDb: readonly number[];
  /** `awgn`, gain 1, when left out; a function such as `({ snrDb }) => rician({ snrDb, kFactorDb: 6 })`. */
  link?: LinkModel;
}

/** One draw of y = sum over users k of sqrt(P_k) h_k x_k + n. */
export interface MultiUserRealisation {
  readonly shape: ChannelShape;
  /**
   * Each user's part sqrt(P_k) h_k x_k, without noise but with the receiver's noise variance: `equalise(received,
   * users[k])` gives user k's symbols plus what interferes, whose variance `sinr` states.
   */
  readonly users: readonly Realisation[];
  /** The noise n, interleaved, codeword after codeword. */
  readonly noise: Float32Array;
  readonly noiseVariance: number;
  /**
   * What the receiver gets for each user's symbols.
   * @throws InputError unless there are as many users, each with symbols of the draw's shape.
   */
  apply(symbols: readonly Float32Array[]): Float32Array;
  /**
   * The same on tensors; differentiable with respect to every user's symbols.
   * @throws InputError unless there are as many users, each with tensors of the draw's shape.
   */
  applyTensor(symbols: readonly ComplexTensor[]): ComplexTensor;
  /**
   * Signal to interference and noise, P_k |h_k|^2 / (sum over the others of P_j |h_j|^2 + N0), as a ratio: one a
   * codeword, or one a use of a fast link.
   * @throws InputError unless `user` is the number of one, from 0 on.
   */
  sinr(user: number): Float32Array;
}

/** A multiple-access channel. */
export interface MultiUserChannel {
  readonly name: string;
  readonly users: number;
  readonly snrDb: number;
  /** @throws InputError when the shape is not of positive integers. */
  sample(rng: Rng, shape: ChannelShape): MultiUserRealisation;
}

/**
 * Multiple access: the signals of K users add up at one receiver, each with its power and its own draw of the link.
 * @throws InputError when an option is out of range.
 */
export function multiUser(options: MultiUserOptions): MultiUserChannel {
  const { snrDb, powersDb, link = awgn } = options;
  if (powersDb.length < 1 || powersDb.length > 256) {
    throw new InputError(`${powersDb.length} powers; allowed: 1 to 256 users`);
  }
  for (const power of powersDb) requireRange('powersDb', power, -50, 50, 'dB');
  const channel = link({ snrDb });
  return {
    name: `multi-user-${powersDb.length}-${channel.name}`,
    users: powersDb.length,
    snrDb,
    sample(rng, shape) {
      const { noise, noiseVariance } = awgn({ snrDb }).sample(rng, shape);
      const users = powersDb.map((powerDb) => withoutNoise(channel.sample(rng, shape), powerDb));
      return {
        shape,
        users,
        noise,
        noiseVariance,
        apply: (symbols) => superpose(users, noise, symbols),
        applyTensor: (symbols) => superposeTensors(users, noise, symbols),
        sinr: (user) => sinrOf(users, noiseVariance, user),
      };
    },
  };
}

function withoutNoise(draw: Realisation, powerDb: number): Realisation {
  const amplitude = 10 ** (powerDb / 20);
  const { shape, noiseVariances } = draw;
  return realisationOf({
    shape,
    // A gain of 1 is skipped; with a power of its own it is one gain a codeword.
    fading: draw.fading === 'none' ? 'block' : draw.fading,
    gains: draw.gains.map((gain) => gain * amplitude),
    noise: new Float32Array(2 * shape.codewords * shape.uses),
    noiseVariances,
  });
}

function requireUsers(users: readonly Realisation[], given: number): void {
  if (given !== users.length) throw new InputError(`symbols of ${given} users; allowed: ${users.length}`);
}

function superpose(
  users: readonly Realisation[],
  noise: Float32Array,
  symbols: readonly Float32Array[],
): Float32Array {
  requireUsers(users, symbols.length);
  const out = noise.slice();
  users.forEach((user, index) => {
    const part = user.apply(symbols[index]!);
    for (let at = 0; at < out.length; at++) out[at]! += part[at]!;
  });
  return out;
}

function superposeTensors(
  users: readonly Realisation[],
  noise: Float32Array,
  symbols: readonly ComplexTensor[],
): ComplexTensor {
  requireUsers(users, symbols.length);
  const [re, im] = tf.tidy(() => {
    const parts = users.map((user, index) => user.applyTensor(symbols[index]!));
    const { codewords, uses } = users[0]!.shape;
    const n = tensorOf(noise, codewords, uses);
    const noisy = {
      re: tf.addN([...parts.map((part) => part.re), n.re]),
      im: tf.addN([...parts.map((part) => part.im), n.im]),
    };
    return [noisy.re, noisy.im] as [tf.Tensor2D, tf.Tensor2D];
  });
  return { re, im };
}

function sinrOf(users: readonly Realisation[], noiseVariance: number, user: number): Float32Array {
  if (users[user] === undefined) {
    throw new InputError(`user is ${user}; allowed: an integer from 0 to ${users.length - 1}`);
  }
  const powers = users.map(({ gains }) =>
    Float64Array.from({ length: gains.length / 2 }, (_, k) => gains[2 * k]! ** 2 + gains[2 * k + 1]! ** 2),
  );
  return Float32Array.from(powers[user]!, (own, place) => {
    const all = powers.reduce((sum, each) => sum + each[place]!, 0);
    return own / (all - own + noiseVariance);
  });
}

/** Of a channel on which others send too. */
export interface InterferenceOptions {
  /** The channel of the wanted signal. */
  channel: Channel;
  /** Power of each interferer over the wanted signal's, in dB, -50 to 50; 1 to 256 of them. */
  powersDb: readonly number[];
  /** How interferers reach the receiver; `awgn`, gain 1, when left out. */
  link?: LinkModel;
}

/**
 * A channel with interference that the receiver takes for noise: interferers send independent QPSK symbols. The
 * noise variance stated for a codeword counts their mean received power in that codeword, so that codecs and
 * equalisers run over it as over any channel; `snrDb` stays that of the noise alone.
 * @throws InputError when an option is out of range.
 */
export function interfered(options: InterferenceOptions): Channel {
  const { channel, powersDb, link } = options;
  const others = multiUser({ snrDb: 100, powersDb, ...(link && { link }) });
  return {
    ...channel,
    name: `${channel.name}-interfered`,
    sample(rng, shape) {
      const wanted = channel.sample(rng, shape);
      const { users } = others.sample(rng, shape);
      const noise = wanted.noise.slice();
      for (const user of users) {
        const part = user.apply(qpsk(rng, shape));
        for (let at = 0; at < noise.length; at++) noise[at]! += part[at]!;
      }
      const noiseVariances = wanted.noiseVariances.map(
        (variance, codeword) => variance + meanPowerOf(users, codeword),
      );
      return realisationOf({ ...wanted, shape, noise, noiseVariances });
    },
  };
}

function qpsk(rng: Rng, { codewords, uses }: ChannelShape): Float32Array {
  return Float32Array.from({ length: 2 * codewords * uses }, () =>
    rng.integer(2) === 0 ? Math.SQRT1_2 : -Math.SQRT1_2,
  );
}

/** Sum over the users of the mean |gain|^2 in a codeword. */
function meanPowerOf(users: readonly Realisation[], codeword: number): number {
  return users.reduce((sum, { gains, shape }) => {
    const own = gains.length / shape.codewords;
    const part = gains.subarray(codeword * own, (codeword + 1) * own);
    return sum + part.reduce((energy, value) => energy + value * value, 0) / (own / 2);
  }, 0);
}
