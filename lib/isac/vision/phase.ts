/** Sum of x conj(y) over complex taps. */
export function correlate(x: Float64Array, y: Float64Array): { re: number; im: number } {
  let [re, im] = [0, 0];
  for (let i = 0; i < x.length; i += 2) {
    re += x[i]! * y[i]! + x[i + 1]! * y[i + 1]!;
    im += x[i + 1]! * y[i]! - x[i]! * y[i + 1]!;
  }
  return { re, im };
}

/** Taps turned by one common phase so that their correlation with a reference is real and positive. */
export function alignPhase(taps: Float64Array, reference: Float64Array): Float64Array {
  const { re, im } = correlate(taps, reference);
  const size = Math.hypot(re, im);
  return size === 0 ? taps.slice() : turned(taps, re / size, -im / size);
}

/** Taps times a complex number. */
export function turned(taps: Float64Array, re: number, im: number): Float64Array {
  const out = new Float64Array(taps.length);
  for (let i = 0; i < taps.length; i += 2) {
    out[i] = taps[i]! * re - taps[i + 1]! * im;
    out[i + 1] = taps[i]! * im + taps[i + 1]! * re;
  }
  return out;
}

/** Mean of tap vectors. */
export function meanTaps(all: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(all[0]!.length);
  for (const taps of all) for (let i = 0; i < sum.length; i++) sum[i]! += taps[i]!;
  return sum.map((value) => value / all.length);
}

/** Energy of a tap vector. */
export const energy = (taps: Float64Array): number => taps.reduce((sum, value) => sum + value * value, 0);

/** Energy of the difference of two tap vectors. */
export const gap = (x: Float64Array, y: Float64Array): number =>
  x.reduce((sum, value, i) => sum + (value - y[i]!) ** 2, 0);
