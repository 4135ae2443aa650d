import { erf } from 'mathjs/number';
import { describe, expect, it } from 'vitest';
import { erfc } from './special.js';

describe('erfc against mathjs', () => {
  it('agrees with 1 - erf where that difference keeps its digits', () => {
    for (let x = -3; x <= 1; x += 0.01) expect(erfc(x)).toBeCloseTo(1 - erf(x), 13);
  });
});
