import { InputError } from '../../base/index.js';

/** x[t] = first x[t-1] + second x[t-2] + noise of this variance. */
export interface AutoRegression {
  first: number;
  second: number;
  noise: number;
}

/**
 * Autoregression of order 2 by least squares (the covariance method).
 * @throws InputError when the series is too short or does not vary.
 */
export function fitAutoRegression(series: Float64Array): AutoRegression {
  let [r00, r01, r02, r11, r12, r22] = [0, 0, 0, 0, 0, 0];
  for (let t = 2; t < series.length; t++) {
    const [x0, x1, x2] = [series[t]!, series[t - 1]!, series[t - 2]!];
    r00 += x0 * x0;
    r01 += x0 * x1;
    r02 += x0 * x2;
    r11 += x1 * x1;
    r12 += x1 * x2;
    r22 += x2 * x2;
  }
  const determinant = r11 * r22 - r12 * r12;
  if (!(series.length > 10 && determinant > 1e-14 * r11 * r22))
    throw new InputError(`autoregression of ${series.length} values; allowed: more than 10 that vary`);
  const first = (r01 * r22 - r02 * r12) / determinant;
  const second = (r02 * r11 - r01 * r12) / determinant;
  return { first, second, noise: Math.max(0, r00 - first * r01 - second * r02) / (series.length - 2) };
}

/** The best linear guesses of a series from noisy looks at its past. */
export interface KalmanPredictions {
  /** Guess of value t from looks up to t - 1. */
  next: Float64Array;
  /** Guess of value t from looks up to t - `ahead`; 0 where there are none. */
  ahead: Float64Array;
}

/**
 * Kalman filter of an autoregressive series of order 2 (Kalman 1960).
 * @param observed the series plus noise of variance `noise`
 */
export function kalmanPredict(
  model: AutoRegression,
  observed: Float64Array,
  { noise, ahead }: { noise: number; ahead: number },
): KalmanPredictions {
  const next = new Float64Array(observed.length);
  const far = new Float64Array(observed.length);
  let [x, older] = [0, 0];
  const spread = observed.reduce((sum, value) => sum + value * value, 0) / observed.length;
  // Covariance [[a, b], [b, d]] of the state [x[t], x[t-1]].
  let [a, b, d] = [spread, 0, spread];
  for (const [t, look] of observed.entries()) {
    next[t] = x;
    const [gainNow, gainOlder] = a + noise > 0 ? [a / (a + noise), b / (a + noise)] : [1, 0];
    const surprise = look - x;
    [x, older] = [x + gainNow * surprise, older + gainOlder * surprise];
    [a, b, d] = [a - gainNow * a, b - gainNow * b, d - gainOlder * b];
    if (t + ahead < far.length) far[t + ahead] = iterate(model, x, older, ahead);
    const { first, second } = model;
    [x, older] = [first * x + second * older, x];
    [a, b, d] = [
      first * first * a + 2 * first * second * b + second * second * d + model.noise,
      first * a + second * b,
      a,
    ];
  }
  return { next, ahead: far };
}

function iterate({ first, second }: AutoRegression, x: number, older: number, steps: number): number {
  let [now, before] = [x, older];
  for (let step = 0; step < steps; step++) [now, before] = [first * now + second * before, now];
  return now;
}
