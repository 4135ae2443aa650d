import { InputError } from '../../base/index.js';
import type { ChannelEstimate } from './estimate.js';

/** Equalised resource elements. */
export interface EqualisedGrid {
  /** Interleaved complex, symbols x subcarriers. */
  readonly symbols: Float64Array;
  /** What a demapper takes as N0 of each resource element. */
  readonly noiseVariance: Float64Array;
}

/** What the receiver knows of the channel: estimates, or the channel itself without an error variance. */
export type KnownChannel = Pick<ChannelEstimate, 'channel'> & Partial<ChannelEstimate>;

/**
 * One-tap zero forcing, x = y / h. The noise variance is (N0 + error variance) / |h|^2, the error of the
 * estimate taken as noise at symbols of energy 1. Where the gain is 0: symbol 0 of infinite variance.
 * @param noiseVariance N0 per complex dimension
 * @throws InputError when lengths do not match or N0 is not above 0.
 */
export function equaliseZeroForcing(
  received: Float64Array,
  known: KnownChannel,
  noiseVariance: number,
): EqualisedGrid {
  return oneTap(received, known, noiseVariance, (gain, noise) =>
    gain === 0
      ? { scale: 0, variance: Number.POSITIVE_INFINITY }
      : { scale: 1 / gain, variance: noise / gain },
  );
}

/**
 * One-tap minimum mean square error, x = h* y / (|h|^2 + N0): the least E|x - s|^2 for symbols s of energy 1,
 * shrunk towards 0. The variance is that mean square error, N0 / (|h|^2 + N0), N0 with the estimate's error
 * variance added. For demapping take zero forcing: of one tap, unbiased MMSE is the same.
 * @param noiseVariance N0 per complex dimension
 * @throws InputError when lengths do not match or N0 is not above 0.
 */
export function equaliseMmse(
  received: Float64Array,
  known: KnownChannel,
  noiseVariance: number,
): EqualisedGrid {
  return oneTap(received, known, noiseVariance, (gain, noise) => ({
    scale: 1 / (gain + noise),
    variance: noise / (gain + noise),
  }));
}

type Rule = (gain: number, noise: number) => { scale: number; variance: number };

function oneTap(
  received: Float64Array,
  { channel, errorVariance }: KnownChannel,
  noiseVariance: number,
  rule: Rule,
): EqualisedGrid {
  const count = channel.length / 2;
  if (received.length !== channel.length || (errorVariance && errorVariance.length !== count)) {
    throw new InputError(
      `${received.length / 2} received values for ${count} gains and ${errorVariance?.length ?? count} error variances; allowed: one each`,
    );
  }
  if (!(noiseVariance > 0)) throw new InputError(`noiseVariance is ${noiseVariance}; allowed: above 0`);
  const symbols = new Float64Array(received.length);
  const variances = new Float64Array(count);
  for (let index = 0; index < count; index++) {
    const at = 2 * index;
    const [hr, hi, yr, yi] = [channel[at]!, channel[at + 1]!, received[at]!, received[at + 1]!];
    const { scale, variance } = rule(hr * hr + hi * hi, noiseVariance + (errorVariance?.[index] ?? 0));
    symbols[at] = (yr * hr + yi * hi) * scale;
    symbols[at + 1] = (yi * hr - yr * hi) * scale;
    variances[index] = variance;
  }
  return { symbols, noiseVariance: variances };
}
