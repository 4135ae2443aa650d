import { describe, expect, it } from 'vitest';
import { awgn } from '../../channel/index.js';
import { Rng } from '../../math/index.js';
import { constellation } from '../constellation/index.js';
import { linkTrials } from '../link-trials.js';
import { type BaseGraphNumber, type LiftedGraph, liftedGraph, liftingSizes } from './base-graph.js';
import { knownZero } from './channel-values.js';
import { ldpcCode } from './code.js';
import { encodeWord } from './encoder.js';
import { QuantisedMinSum } from './quantised.js';
import { SimdMinSum } from './simd.js';
import { awgnLlrs, randomBits } from './testing.js';

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
    liftingSizes
      .filter((size) => size <= 64 || size % 15 === 4 || size >= 352)
      .map((size) => [number, size] as const),
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

  // The same blocks for both, 70 errors or more; the curves fall tenfold in 0.7 dB or less, so 0.1 dB is a ratio of 1.4.
  it.each([
    [4, 200, 400, 1.5, 500],
    [64, 576, 768, 8.9, 300],
    [256, 600, 800, 12.2, 300],
  ])('loses less than 0.1 dB to floats on %i-QAM at (%i, %i)', async (order, k, n, ebN0Db, blocks) => {
    const qam = constellation('qam', order);
    const channel = awgn({ snrDb: ebN0Db + 10 * Math.log10((k * qam.bitsPerSymbol) / n) });
    const errors = async (decoder: 'min-sum' | 'min-sum-int8') => {
      const code = ldpcCode({ k, n, decoder, bitsPerSymbol: qam.bitsPerSymbol });
      const counts = await linkTrials({ constellation: qam, channel, code })(Rng.of('quantiser'), blocks);
      return counts.blockErrors!;
    };
    const floats = await errors('min-sum');
    expect(floats).toBeGreaterThan(70);
    expect(floats).toBeLessThan(0.7 * blocks);
    expect(await errors('min-sum-int8')).toBeLessThan(1.25 * floats);
  });
});
