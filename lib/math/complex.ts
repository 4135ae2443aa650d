import { InputError } from '../base/index.js';

type FloatArray = Float32Array | Float64Array;

/**
 * The number of complex values in an interleaved array `[re, im, ...]`.
 * @throws InputError when its length is odd.
 */
export function complexLength(values: FloatArray): number {
  if (values.length % 2 !== 0)
    throw new InputError(`complex array of length ${values.length}; allowed: even`);
  return values.length / 2;
}

function samePair(a: FloatArray, b: FloatArray): void {
  complexLength(a);
  if (a.length !== b.length) {
    throw new InputError(
      `complex arrays of ${a.length / 2} and ${b.length / 2} values; allowed: equal lengths`,
    );
  }
}

/** Interleaves real and imaginary parts of equal length. */
export function complexFromParts(re: FloatArray, im: FloatArray): Float64Array {
  if (re.length !== im.length) {
    throw new InputError(`${re.length} real and ${im.length} imaginary parts; allowed: equal lengths`);
  }
  const out = new Float64Array(2 * re.length);
  for (let index = 0; index < re.length; index++) {
    out[2 * index] = re[index]!;
    out[2 * index + 1] = im[index]!;
  }
  return out;
}

/** Sum, value by value. */
export function complexAdd(a: FloatArray, b: FloatArray): Float64Array {
  samePair(a, b);
  return Float64Array.from(a, (value, index) => value + b[index]!);
}

/** Difference a - b, value by value. */
export function complexSubtract(a: FloatArray, b: FloatArray): Float64Array {
  samePair(a, b);
  return Float64Array.from(a, (value, index) => value - b[index]!);
}

/** Product, value by value. */
export function complexMultiply(a: FloatArray, b: FloatArray): Float64Array {
  samePair(a, b);
  const out = new Float64Array(a.length);
  for (let index = 0; index < a.length; index += 2) {
    const [ar, ai, br, bi] = [a[index]!, a[index + 1]!, b[index]!, b[index + 1]!];
    out[index] = ar * br - ai * bi;
    out[index + 1] = ar * bi + ai * br;
  }
  return out;
}

/** Quotient a / b, value by value; a zero divisor gives non-finite values. */
export function complexDivide(a: FloatArray, b: FloatArray): Float64Array {
  samePair(a, b);
  const out = new Float64Array(a.length);
  for (let index = 0; index < a.length; index += 2) {
    const [ar, ai, br, bi] = [a[index]!, a[index + 1]!, b[index]!, b[index + 1]!];
    const power = br * br + bi * bi;
    out[index] = (ar * br + ai * bi) / power;
    out[index + 1] = (ai * br - ar * bi) / power;
  }
  return out;
}

/** All values times one real factor. */
export function complexScale(a: FloatArray, factor: number): Float64Array {
  complexLength(a);
  return Float64Array.from(a, (value) => value * factor);
}

/** Complex conjugates. */
export function conjugate(a: FloatArray): Float64Array {
  complexLength(a);
  return Float64Array.from(a, (value, index) => (index % 2 === 0 ? value : -value));
}

/** Inner product sum of a[k] conj(b[k]), as `[re, im]`. */
export function innerProduct(a: FloatArray, b: FloatArray): [re: number, im: number] {
  samePair(a, b);
  let re = 0;
  let im = 0;
  for (let index = 0; index < a.length; index += 2) {
    const [ar, ai, br, bi] = [a[index]!, a[index + 1]!, b[index]!, b[index + 1]!];
    re += ar * br + ai * bi;
    im += ai * br - ar * bi;
  }
  return [re, im];
}

/** |z| of each value: half the input's length. */
export function magnitude(a: FloatArray): Float64Array {
  return Float64Array.from({ length: complexLength(a) }, (_, k) => Math.hypot(a[2 * k]!, a[2 * k + 1]!));
}

/** |z|^2 of each value: half the input's length. */
export function power(a: FloatArray): Float64Array {
  return Float64Array.from({ length: complexLength(a) }, (_, k) => a[2 * k]! ** 2 + a[2 * k + 1]! ** 2);
}

/** Phase of each value in radians, (-pi, pi]: half the input's length. */
export function phase(a: FloatArray): Float64Array {
  return Float64Array.from({ length: complexLength(a) }, (_, k) => Math.atan2(a[2 * k + 1]!, a[2 * k]!));
}

/** Mean of |z|^2; 0 of an empty array. */
export function meanPower(a: FloatArray): number {
  const count = complexLength(a);
  let sum = 0;
  for (const value of a) sum += value * value;
  return count === 0 ? 0 : sum / count;
}
