import { describe, expect, it } from 'vitest';
import {
  complexAdd,
  complexDivide,
  complexFromParts,
  complexMultiply,
  complexScale,
  complexSubtract,
  conjugate,
  innerProduct,
  magnitude,
  meanPower,
  phase,
  power,
} from './complex.js';

const a = Float64Array.of(1, 2, 0, -1);
const b = Float64Array.of(3, -4, 2, 0);

describe('complex arrays', () => {
  it('compute value by value', () => {
    expect(complexMultiply(a, b)).toEqual(Float64Array.of(11, 2, 0, -2));
    expect(complexAdd(a, b)).toEqual(Float64Array.of(4, -2, 2, -1));
    expect(complexSubtract(a, b)).toEqual(Float64Array.of(-2, 6, -2, -1));
    expect(complexScale(a, 2)).toEqual(Float64Array.of(2, 4, 0, -2));
    expect(conjugate(a)).toEqual(Float64Array.of(1, -2, 0, 1));
    expect(complexFromParts(Float32Array.of(1, 0), Float32Array.of(2, -1))).toEqual(a);
    complexDivide(complexMultiply(a, b), b).forEach((value, index) => {
      expect(value).toBeCloseTo(a[index]!, 15);
    });
  });

  it('reduce to real arrays and numbers', () => {
    expect(magnitude(b)).toEqual(Float64Array.of(5, 2));
    expect(power(b)).toEqual(Float64Array.of(25, 4));
    expect(phase(Float64Array.of(0, 1, -1, 0))).toEqual(Float64Array.of(Math.PI / 2, Math.PI));
    expect(innerProduct(a, b)).toEqual([-5, 8]);
    expect(innerProduct(b, b)).toEqual([29, 0]);
    expect(meanPower(b)).toBe(14.5);
    expect(meanPower(new Float32Array(0))).toBe(0);
  });

  it('refuse lengths that do not fit', () => {
    expect(() => magnitude(new Float32Array(3))).toThrow('length 3');
    expect(() => complexMultiply(a, b.subarray(2))).toThrow('complex arrays of 2 and 1 values');
    expect(() => complexFromParts(a, b.subarray(2))).toThrow('4 real and 2 imaginary');
  });
});
