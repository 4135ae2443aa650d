import { describe, expect, it } from 'vitest';
import { evaluate, findBlockSize } from './blocks.js';
import { Builder, type Sym } from './builder.js';
import { lowerings } from './install.js';
import type { Inputs } from './kernels/lowering.js';
import { Runtime } from './runtime.js';

const runtime = new Runtime();
const blockSize = findBlockSize(runtime);

/** The lowerings of convolution: names and shapes of inputs, attributes. */
const cases: [kernel: string, inputs: Record<string, number[]>, attrs: object][] = [];
for (const [h, w, c, o, batch, strides, pad] of [
  [8, 9, 3, 5, 2, [1, 1], 'same'],
  [9, 8, 18, 33, 17, [2, 1], 'same'],
  [9, 10, 16, 4, 20, [2, 3], 'valid'],
] as [number, number, number, number, number, [number, number], string][]) {
  const filter = [3, 2, c, o];
  const [inputShape, filterShape] = [[batch, h, w, c], filter];
  const sides = [h, w].map((n, i) =>
    Math.ceil((pad === 'same' ? n : n - filter[i]! + 1) / strides[i as 0 | 1]),
  );
  const dy = [batch, ...sides, o];
  const attrs = { strides, pad, dilations: 1, dataFormat: 'NHWC' };
  cases.push(['Conv2D', { x: inputShape, filter }, attrs]);
  cases.push(['Conv2DBackpropInput', { dy, filter }, { ...attrs, inputShape }]);
  cases.push(['Conv2DBackpropFilter', { x: inputShape, dy }, { ...attrs, filterShape }]);
}

describe('convolution in blocks and in plain operators', () => {
  it('knows a size of blocks that ONNX Runtime has', () => {
    expect([0, 4, 8, 16]).toContain(blockSize);
  });

  for (const [kernel, inputs, attrs] of cases) {
    it(`${kernel} of ${Object.values(inputs).map((shape) => `[${shape}]`)} agrees`, () => {
      const compute = (size: number) =>
        evaluate(runtime, new Builder(size), Object.values(inputs), (g, symbols) => {
          const named = Object.fromEntries(Object.keys(inputs).map((name, i) => [name, symbols[i]]));
          return lowerings[kernel]!(g, named as unknown as Inputs, attrs as never) as Sym;
        });
      const [plain, blocked] = [compute(0), compute(blockSize)];
      const scale = plain.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const worst = plain.reduce((most, value, i) => Math.max(most, Math.abs(value - blocked[i]!)), 0);
      expect(worst / scale).toBeLessThan(1e-5);
    });
  }
});
