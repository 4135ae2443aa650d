import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { meanPower } from './complex.js';
import { fft, ifft } from './fft.js';
import { Rng } from './rng.js';

/** The definition, with angles reduced modulo a turn. */
function naiveDft(x: Float64Array): Float64Array {
  const n = x.length / 2;
  const out = new Float64Array(x.length);
  for (let k = 0; k < n; k++) {
    for (let m = 0; m < n; m++) {
      const angle = (-2 * Math.PI * ((k * m) % n)) / n;
      out[2 * k]! += x[2 * m]! * Math.cos(angle) - x[2 * m + 1]! * Math.sin(angle);
      out[2 * k + 1]! += x[2 * m]! * Math.sin(angle) + x[2 * m + 1]! * Math.cos(angle);
    }
  }
  return out;
}

function largestGap(a: Float64Array, b: Float64Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((worst, value, index) => Math.max(worst, Math.abs(value - b[index]!)), 0);
}

const signal = (length: number) =>
  Rng.of('fft')
    .fork(length)
    .fillNormal(new Float64Array(2 * length));

describe('fft', () => {
  it('is the discrete Fourier transform for every length from 1 to 70 and some beyond', () => {
    for (const length of [...Array(70).keys()].map((n) => n + 1).concat(97, 100, 127, 128, 129, 255, 360)) {
      const x = signal(length);
      expect(largestGap(fft(x), naiveDft(x))).toBeLessThan(1e-12 * length);
    }
  });

  it('is undone by ifft, keeps energy (Parseval) and its input', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700 }), fc.integer(), (length, seed) => {
        const x = Rng.of(seed).fillNormal(new Float64Array(2 * length));
        const kept = x.slice();
        const spectrum = fft(x);
        expect(x).toEqual(kept);
        expect(largestGap(ifft(spectrum), x)).toBeLessThan(1e-12);
        expect(meanPower(spectrum) / length / meanPower(x)).toBeCloseTo(1, 11);
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it('is linear and turns a shift into a phase ramp', () => {
    const length = 45;
    const [x, shifted] = [signal(length), new Float64Array(2 * length)];
    for (let n = 0; n < length; n++) shifted.set(x.subarray(2 * n, 2 * n + 2), 2 * ((n + 1) % length));
    const [before, after] = [fft(x), fft(shifted)];
    for (let k = 0; k < length; k++) {
      const angle = (-2 * Math.PI * k) / length;
      const re = before[2 * k]! * Math.cos(angle) - before[2 * k + 1]! * Math.sin(angle);
      expect(after[2 * k]!).toBeCloseTo(re, 11);
    }
    const doubled = fft(x.map((value) => 2 * value));
    expect(
      largestGap(
        doubled,
        fft(x).map((value) => 2 * value),
      ),
    ).toBeLessThan(1e-12);
  });

  it('stays exact to 1e-10 for a long prime length', () => {
    const length = 10_007;
    const tone = new Float64Array(2 * length);
    for (let n = 0; n < length; n++) {
      tone[2 * n] = Math.cos((2 * Math.PI * ((n * 1234) % length)) / length);
      tone[2 * n + 1] = Math.sin((2 * Math.PI * ((n * 1234) % length)) / length);
    }
    const spectrum = fft(tone);
    spectrum[2 * 1234]! -= length;
    expect(largestGap(spectrum, new Float64Array(2 * length)) / length).toBeLessThan(1e-10);
  });

  it('refuses an odd or empty array', () => {
    expect(() => fft(new Float64Array(3))).toThrow('length 3');
    expect(() => fft(new Float64Array(0))).toThrow('FFT of 0 values');
    expect(() => ifft(new Float64Array(0))).toThrow('FFT of 0 values');
  });
});
