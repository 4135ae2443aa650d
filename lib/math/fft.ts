import FFT from 'fft.js';
import { InputError } from '../base/index.js';
import { complexLength } from './complex.js';

type Transform = (x: Float64Array) => Float64Array;

/** Plans are pure tables of their length; the last few lengths are kept. */
const MAX_PLANS = 16;
const plans = new Map<number, Transform>();

/**
 * Discrete Fourier transform X[k] = sum of x[n] exp(-2 pi i k n / N), any length N >= 1, no scaling.
 * Powers of two go through fft.js (radix 4), other lengths through Bluestein's chirp transform.
 * @param x interleaved complex, 2N numbers; left as it is
 * @returns interleaved complex, 2N numbers
 * @throws InputError when the length is odd or zero.
 */
export function fft(x: Float64Array): Float64Array {
  const length = complexLength(x);
  if (length === 0) throw new InputError('FFT of 0 values; allowed: 1 or more');
  return planFor(length)(x);
}

/**
 * Inverse of `fft`, with the factor 1/N: ifft(fft(x)) = x.
 * @throws InputError when the length is odd or zero.
 */
export function ifft(x: Float64Array): Float64Array {
  // Swapping the parts before and after turns the forward transform into the inverse one.
  const out = swapParts(fft(swapParts(x)));
  const scale = 2 / x.length;
  for (let index = 0; index < out.length; index++) out[index]! *= scale;
  return out;
}

function swapParts(x: Float64Array): Float64Array {
  const out = new Float64Array(x.length);
  for (let index = 0; index + 1 < x.length; index += 2) {
    out[index] = x[index + 1]!;
    out[index + 1] = x[index]!;
  }
  return out;
}

function planFor(length: number): Transform {
  let plan = plans.get(length);
  if (!plan) {
    plan = (length & (length - 1)) === 0 ? radixPlan(length) : bluesteinPlan(length);
    const oldest = plans.keys().next();
    if (plans.size >= MAX_PLANS && !oldest.done) plans.delete(oldest.value);
    plans.set(length, plan);
  }
  return plan;
}

function radixPlan(length: number): Transform {
  if (length === 1) return (x) => x.slice();
  const tables = new FFT(length);
  return (x) => {
    const out = new Float64Array(x.length);
    tables.transform(out, x);
    return out;
  };
}

/**
 * Bluestein 1970: with nk = (n^2 + k^2 - (k - n)^2)/2 the transform is a convolution with a chirp, done
 * by transforms of a power of two >= 2N - 1.
 */
function bluesteinPlan(length: number): Transform {
  const chirp = chirpOf(length);
  const padded = 2 ** Math.ceil(Math.log2(2 * length - 1));
  const transform = radixPlan(padded);
  const kernel = new Float64Array(2 * padded);
  for (let n = 0; n < length; n++) {
    const mirrored = (padded - n) % padded;
    kernel[2 * n] = kernel[2 * mirrored] = chirp[2 * n]!;
    kernel[2 * n + 1] = kernel[2 * mirrored + 1] = -chirp[2 * n + 1]!;
  }
  const kernelSpectrum = transform(kernel);
  return (x) => {
    const work = new Float64Array(2 * padded);
    multiplyInto(work, x, chirp, 1);
    const spectrum = transform(work);
    multiplyInto(spectrum, spectrum, kernelSpectrum, 1);
    const convolved = swapParts(transform(swapParts(spectrum)));
    const out = new Float64Array(2 * length);
    multiplyInto(out, convolved.subarray(0, 2 * length), chirp, 1 / padded);
    return out;
  };
}

/** exp(-i pi n^2 / N); n^2 is reduced modulo 2N first, since a large angle would lose digits. */
function chirpOf(length: number): Float64Array {
  const chirp = new Float64Array(2 * length);
  for (let n = 0; n < length; n++) {
    const angle = (Math.PI * ((n * n) % (2 * length))) / length;
    chirp[2 * n] = Math.cos(angle);
    chirp[2 * n + 1] = -Math.sin(angle);
  }
  return chirp;
}

function multiplyInto(out: Float64Array, a: Float64Array, b: Float64Array, scale: number): void {
  for (let index = 0; index < a.length; index += 2) {
    const ar = a[index]!;
    const ai = a[index + 1]!;
    const br = b[index]!;
    const bi = b[index + 1]!;
    out[index] = scale * (ar * br - ai * bi);
    out[index + 1] = scale * (ar * bi + ai * br);
  }
}
