import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { KernelListDecoder } from './kernel.js';
import { polarLayout } from './layout.js';
import { listDecode } from './list.js';
import { decodingProgram } from './program.js';
import { llrLimit, PrunedListDecoder, type Survivors, unusedMetric } from './pruned.js';
import { polarTransform } from './transform.js';

/** LLRs of the all-zero word over the AWGN channel, times `scale`. */
function noisyLlrs(rng: Rng, length: number, esN0: number, scale = 1): Float64Array {
  const llrs = rng.fillNormal(new Float64Array(length), 4 * esN0, Math.sqrt(8 * esN0));
  return llrs.map((llr) => llr * scale);
}

const quantised = (llrs: Float64Array): Float64Array =>
  llrs.map((llr) => Math.max(-llrLimit, Math.min(llrLimit, Math.round(llr))));

/** The paths in use, the likeliest first. */
function ranked({ metrics, inputs }: Survivors): { metric: number; inputs: string }[] {
  return Array.from(metrics, (metric, path) => ({ metric, inputs: inputs(path).join('') }))
    .filter(({ metric }) => metric < unusedMetric)
    .sort((a, b) => a.metric - b.metric || a.inputs.localeCompare(b.inputs));
}

const codes = [
  [20, 40],
  [75, 128],
  [523, 1024],
  [40, 200],
  [900, 1000],
] as const;

describe('pruned list decoder', () => {
  it.each(codes)('finds the paths that deciding bit by bit finds: K=%i, n=%i', (count, n) => {
    const { frozen, length } = polarLayout(count, n, 'uplink');
    const rng = Rng.of('pruned').fork(n);
    for (const listSize of [1, 4, 8]) {
      const decoder = new PrunedListDecoder(decodingProgram(frozen), length, listSize);
      const llrs = noisyLlrs(rng, length, (1.5 * count) / n);
      const paths = ranked(decoder.decode(llrs));
      const oracle = listDecode(llrs, frozen, listSize, 'min-sum');
      expect(paths.map(({ inputs }) => inputs)).toEqual(
        oracle.map(({ word }) => polarTransform(word).join('')),
      );
      for (const [i, { metric }] of paths.entries()) expect(metric).toBeCloseTo(oracle[i]!.metric, 8);
    }
  });

  it.each(codes)('is what the WebAssembly kernel computes, bit by bit: K=%i, n=%i', (count, n) => {
    const { frozen, length } = polarLayout(count, n, 'uplink');
    const program = decodingProgram(frozen);
    const rng = Rng.of('kernel').fork(n);
    for (const listSize of [1, 2, 3, 8, 11, 16, 32]) {
      const plain = new PrunedListDecoder(program, length, listSize, llrLimit);
      const kernel = new KernelListDecoder(program, length, listSize);
      for (const scale of [1, 4, 40]) {
        const llrs = quantised(noisyLlrs(rng, length, count / n, scale));
        kernel.channel.set(llrs);
        expect(ranked(kernel.decode())).toEqual(ranked(plain.decode(llrs)));
      }
    }
  });
});
