import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { type BaseGraphNumber, type LiftedGraph, liftedGraph, liftingSizes } from './base-graph.js';
import { knownZero } from './channel-values.js';
import { ldpcCode } from './code.js';
import { encodeWord } from './encoder.js';
import { QuantisedMinSum } from './quantised.js';
import { SimdMinSum } from './simd.js';
import { awgnLlrs, blockErrors, randomBits } from './testing.js';

/** A noisy word of the graph's first rows, with fillers and the punctured columns. */
function received(graph: LiftedGraph, rows: number, snrDb: number, rng: Rng): Float32Array {
  const size = graph.liftingSize;
  const info = randomBits(graph.infoColumns * size, rng);
  const fillers = rng.integer(2 * size);
  info.fill(0, info.length - fillers);
  const llrs = awgnLlrs(encodeWord(graph, info), snrDb, rng);
  llrs.fill(knownZero, info.length - fillers, info.length);
  llrs.fill(0, 0, 2 * size);
  return llrs.fill(0, (graph.infoColumns + rows) * size);
}

describe('SimdMinSum', () => {
  const cases = ([1, 2] as BaseGraphNumber[]).flatMap((number) =>
    liftingSizes.filter((size) => size <= 64 || size >= 208).map((size) => [number, size] as const),
  );

  it.each(cases)('finds what its plain twin finds: base graph %i, Z = %i', (number, size) => {
    const graph = liftedGraph(number, size);
    const rng = Rng.of('twins').fork(size);
    const stop = { iterations: 2 + rng.integer(3), earlyStop: size % 2 === 0 };
    const simd = new SimdMinSum(graph, stop);
    const plain = new QuantisedMinSum(graph, stop);
    for (const rows of size > 64 ? [7] : [4, 9, graph.rows, 9]) {
      const llrs = received(graph, rows, rng.uniform(-2, 6), rng);
      expect(simd.decode(llrs)).toEqual(plain.decode(llrs));
    }
  });

  it('agrees at the extremes: nothing received, infinite confidence, ever more of it', () => {
    const graph = liftedGraph(2, 24);
    const stop = { iterations: 4, earlyStop: false };
    const simd = new SimdMinSum(graph, stop);
    const plain = new QuantisedMinSum(graph, stop);
    const noisy = received(graph, 20, 2, Rng.of('extremes'));
    for (const llrs of [
      new Float32Array(noisy.length),
      noisy.map((llr) => Math.sign(llr) * 1e6),
      noisy.map((llr) => (Math.abs(llr) > 3 ? 1e5 : 1) * llr),
      noisy.map((llr) => llr * 1e-6),
    ]) {
      expect(simd.decode(llrs)).toEqual(plain.decode(llrs));
    }
  });

  // About 100 errors of the same blocks. The curves fall tenfold in 1 dB, so 0.1 dB would be a ratio of 1.26.
  it.each([
    [1000, 0.5],
    [400, 1.5],
    [240, 3.7],
  ])('loses less than 0.1 dB to floats at k = 200, n = %i', (n, ebN0Db) => {
    const errors = (decoder: 'min-sum' | 'min-sum-int8') =>
      blockErrors(ldpcCode({ k: 200, n, decoder }), ebN0Db, 500, Rng.of('quantiser'));
    const exact = errors('min-sum');
    expect(exact).toBeGreaterThan(50);
    expect(errors('min-sum-int8')).toBeLessThan(1.26 * exact);
  });
});
