import { InputError, requireInteger, requireRange } from '../base/index.js';
import { absorbName, philox4x32 } from './philox.js';

type FloatArray = Float32Array | Float64Array;

const TWO_PI = 2 * Math.PI;
const TWO_TO_32 = 2 ** 32;
const TWO_TO_53 = 2 ** 53;
const TWO_TO_MINUS_53 = 2 ** -53;

/**
 * A named stream of random numbers (Philox4x32-10).
 *
 * A stream is a function of the seed and of the names it was forked with, and of nothing else: forking
 * neither reads nor moves the parent, so the order in which parts of a program ask for streams does not
 * matter, and the same names give the same numbers in any process, worker or machine.
 *
 * ```ts
 * const rng = Rng.of(7).fork('noise').fork(codewordIndex);
 * ```
 *
 * 64 bits of the digest of the names are the key, 64 are the upper half of the counter and the block
 * number is its lower half, so two streams coincide with probability 2^-128.
 */
export class Rng {
  /** The seed and the names, for messages: `7/noise/3`. */
  readonly path: string;
  private readonly digest: Int32Array;
  private readonly words = new Int32Array(4);
  private position = 4;
  private block = 0;
  private spareNormal = Number.NaN;

  private constructor(digest: Int32Array, path: string) {
    this.digest = digest;
    this.path = path;
  }

  /**
   * The root stream of a seed. The number 7 and the text '7' are the same seed.
   * @throws InputError when a number is not finite.
   */
  static of(seed: number | string): Rng {
    const name = nameOf(seed, 'seed');
    return new Rng(absorbName(new Int32Array(4), name), name);
  }

  /**
   * The child stream of a name, the same however much was drawn from this one.
   * @throws InputError when a number is not finite.
   */
  fork(name: string | number): Rng {
    const text = nameOf(name, 'stream name');
    return new Rng(absorbName(this.digest, text), `${this.path}/${text}`);
  }

  /** The next 32 random bits, an integer in [0, 2^32). */
  uint32(): number {
    return this.nextWord() >>> 0;
  }

  /** A number from [low, high), 53 random bits. */
  uniform(low = 0, high = 1): number {
    return low + (high - low) * this.unit();
  }

  /**
   * A Gaussian number. Box-Muller makes them in pairs; the second is kept for the next call.
   * Magnitudes reach 8.57 standard deviations, the limit of 53 random bits.
   */
  normal(mean = 0, std = 1): number {
    const spare = this.spareNormal;
    if (!Number.isNaN(spare)) {
      this.spareNormal = Number.NaN;
      return mean + std * spare;
    }
    // 1 - unit() lies in (0, 1]: the logarithm is finite.
    const radius = Math.sqrt(-2 * Math.log(1 - this.unit()));
    const angle = TWO_PI * this.unit();
    this.spareNormal = radius * Math.sin(angle);
    return mean + std * radius * Math.cos(angle);
  }

  /** An exponential number of the given mean. */
  exponential(mean = 1): number {
    return -mean * Math.log(1 - this.unit());
  }

  /** A Rayleigh number: the magnitude of two Gaussians of standard deviation `sigma` each. */
  rayleigh(sigma = 1): number {
    return sigma * Math.sqrt(-2 * Math.log(1 - this.unit()));
  }

  /**
   * A gamma number of mean `shape * scale` (Marsaglia and Tsang 2000; below shape 1 by the power of a
   * uniform number that Gamma(shape + 1) needs).
   * @throws InputError unless shape and scale lie in (0, 1e9].
   */
  gamma(shape: number, scale = 1): number {
    requireRange('shape', shape, Number.MIN_VALUE, 1e9);
    requireRange('scale', scale, Number.MIN_VALUE, 1e9);
    if (shape < 1) return this.gamma(shape + 1, scale) * (1 - this.unit()) ** (1 / shape);
    const d = shape - 1 / 3;
    for (;;) {
      const x = this.normal();
      const v = (1 + x / Math.sqrt(9 * d)) ** 3;
      if (v > 0 && Math.log(1 - this.unit()) < (x * x) / 2 + d * (1 - v + Math.log(v))) return scale * d * v;
    }
  }

  /**
   * An integer from [0, n), all equally likely (rejection, no modulo bias).
   * @throws InputError unless n is an integer from 1 to 2^53 - 1.
   */
  integer(n: number): number {
    requireInteger('n', n, 1);
    const small = n <= TWO_TO_32;
    const range = small ? TWO_TO_32 : TWO_TO_53;
    const limit = range - (range % n);
    for (;;) {
      const draw = small ? this.uint32() : this.unit() * TWO_TO_53;
      if (draw < limit) return draw % n;
    }
  }

  /**
   * One of the items, all equally likely.
   * @throws InputError when there are none.
   */
  choice<T>(items: readonly T[]): T {
    if (items.length === 0) throw new InputError('choice of 0 items; allowed: 1 or more');
    return items[this.integer(items.length)] as T;
  }

  /**
   * The numbers 0..n-1 in random order, all n! orders equally likely (Fisher-Yates).
   * @throws InputError unless n is an integer from 0 to 2^32 - 1.
   */
  permutation(n: number): Uint32Array {
    requireInteger('n', n, 0, TWO_TO_32 - 1);
    const order = Uint32Array.from({ length: n }, (_, index) => index);
    for (let last = n - 1; last > 0; last--) {
      const other = this.integer(last + 1);
      const kept = order[last]!;
      order[last] = order[other]!;
      order[other] = kept;
    }
    return order;
  }

  /** Fills `out` with numbers from [low, high); a Float32Array may round up to `high`. Returns `out`. */
  fillUniform<A extends FloatArray>(out: A, low = 0, high = 1): A {
    const span = high - low;
    for (let index = 0; index < out.length; index++) out[index] = low + span * this.unit();
    return out;
  }

  /** Fills `out` with Gaussian numbers: the same ones as that many calls of `normal`. Returns `out`. */
  fillNormal<A extends FloatArray>(out: A, mean = 0, std = 1): A {
    const length = out.length;
    let index = 0;
    if (length > 0 && !Number.isNaN(this.spareNormal)) out[index++] = this.normal(mean, std);
    for (; index + 1 < length; index += 2) {
      const radius = std * Math.sqrt(-2 * Math.log(1 - this.unit()));
      const angle = TWO_PI * this.unit();
      out[index] = mean + radius * Math.cos(angle);
      out[index + 1] = mean + radius * Math.sin(angle);
    }
    if (index < length) out[index] = this.normal(mean, std);
    return out;
  }

  /**
   * Fills the interleaved array `[re, im, ...]` with circularly symmetric complex Gaussian numbers.
   * @param variancePerComplex E|z|^2; each real part has half of it.
   * @throws InputError when the array's length is odd or the variance is not a number >= 0.
   */
  fillComplexNormal<A extends FloatArray>(out: A, variancePerComplex = 1): A {
    if (out.length % 2 !== 0) throw new InputError(`complex array of length ${out.length}; allowed: even`);
    if (!(variancePerComplex >= 0)) {
      throw new InputError(`variancePerComplex is ${variancePerComplex}; allowed: a number from 0`);
    }
    return this.fillNormal(out, 0, Math.sqrt(variancePerComplex / 2));
  }

  /** 53 random bits as a number in [0, 1). */
  private unit(): number {
    const high = this.nextWord() >>> 5;
    const low = this.nextWord() >>> 6;
    return (high * 67108864 + low) * TWO_TO_MINUS_53;
  }

  private nextWord(): number {
    if (this.position === 4) this.refill();
    return this.words[this.position++]!;
  }

  private refill(): void {
    const digest = this.digest;
    const high = Math.floor(this.block / TWO_TO_32);
    philox4x32(this.words, this.block | 0, high, digest[2]!, digest[3]!, digest[0]!, digest[1]!);
    this.block++;
    this.position = 0;
  }
}

function nameOf(name: number | string, what: string): string {
  if (typeof name === 'string') return name;
  if (!Number.isFinite(name)) throw new InputError(`${what} is ${name}; allowed: a text or a finite number`);
  return String(name);
}
