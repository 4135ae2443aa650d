import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { useEngine } from '../engine/index.js';
import { adam, adamW, type Optimiser } from './adam.js';
import { type ParameterTree, parameter } from './parameters.js';

beforeAll(async () => {
  await useEngine('cpu');
});

/** Five steps on the loss Σw³, whose gradient is 3w². */
function descend(optimiser: Optimiser, weight: tf.Variable): number[][] {
  return Array.from({ length: 5 }, () => {
    optimiser.step(new Map([['weight', tf.mul(tf.square(weight), 3)]]));
    return [...weight.dataSync()];
  });
}

// w = torch.tensor([0.5, -1.0, 2.0], requires_grad=True); o = torch.optim.Adam([w], lr=0.1) | AdamW([w], lr=0.1, weight_decay=0.1)
// five times: o.zero_grad(); (w**3).sum().backward(); o.step(); print(w)   (torch 1.13)
const golden = {
  adam: [
    [0.4, -1.1, 1.9],
    [0.3034439, -1.2000448, 1.8003979],
    [0.2132204, -1.3002148, 1.7014877],
    [0.1316726, -1.4006102, 1.603581],
    [0.0598395, -1.5013404, 1.5070016],
  ],
  adamW: [
    [0.395, -1.09, 1.88],
    [0.2948017, -1.1791791, 1.761712],
    [0.2024127, -1.2676331, 1.645496],
    [0.1200773, -1.3554692, 1.5317277],
    [0.0485296, -1.4427981, 1.4207889],
  ],
};

it.each(['adam', 'adamW'] as const)('%s follows PyTorch', (name) => {
  const weight = parameter(Float32Array.of(0.5, -1, 2), [3]);
  const make = { adam, adamW };
  const found = descend(make[name]({ weight }, { learningRate: 0.1, weightDecay: 0.1 }), weight);
  for (const [step, row] of found.entries()) {
    for (const [i, value] of row.entries()) expect(value).toBeCloseTo(golden[name][step]![i]!, 5);
  }
});

it('the first step of Adam is the learning rate against the sign of the gradient, of any size', () => {
  const weight = parameter(0, [4]);
  const optimiser = adam({ weight }, { learningRate: 0.01 });
  optimiser.step(new Map([['weight', tf.tensor1d([1e-3, -1e-3, 1e3, -1e3])]]));
  for (const [i, value] of weight.dataSync().entries()) expect(value).toBeCloseTo(i % 2 ? 0.01 : -0.01, 6);
});

it('under a constant gradient every step has the size of the learning rate', () => {
  const weight = parameter(0, [1]);
  const optimiser = adam({ weight });
  for (let k = 1; k <= 20; k++) {
    optimiser.step(new Map([['weight', tf.tensor1d([0.7])]]), { learningRate: 0.5 });
    expect(weight.dataSync()[0]).toBeCloseTo(-0.5 * k, 4);
  }
  expect(optimiser.state.step).toBe(20);
});

it('only the parameters that the filter names decay, and one without a gradient stays', () => {
  const tree = {
    a: { weight: parameter(1, [1]), bias: parameter(1, [1]) },
    frozen: { weight: parameter(1, [1]) },
  };
  const optimiser = adamW(tree as ParameterTree, { learningRate: 0.1, weightDecay: 0.5 });
  const zero = tf.zeros([1]);
  optimiser.step(
    new Map([
      ['a.weight', zero],
      ['a.bias', zero],
    ]),
  );
  expect(tree.a.weight.dataSync()[0]).toBeCloseTo(0.95, 6);
  expect(tree.a.bias.dataSync()[0]).toBe(1);
  expect(tree.frozen.weight.dataSync()[0]).toBe(1);
});

it('a gradient scale acts as scaled gradients do', () => {
  const [one, other] = [parameter(1, [2]), parameter(1, [2])];
  const [a, b] = [adam({ one }, { epsilon: 1 }), adam({ other }, { epsilon: 1 })];
  a.step(new Map([['one', tf.tensor1d([4, -2])]]), { gradientScale: 0.5 });
  b.step(new Map([['other', tf.tensor1d([2, -1])]]));
  expect([...one.dataSync()]).toEqual([...other.dataSync()]);
});

it('steps leave no tensors behind', () => {
  const weight = parameter(1, [3]);
  const gradient = tf.ones([3]);
  const before = tf.memory().numTensors;
  const optimiser = adamW({ weight });
  const held = tf.memory().numTensors;
  for (let k = 0; k < 3; k++) optimiser.step(new Map([['weight', gradient]]), { gradientScale: 0.1 });
  expect(tf.memory().numTensors).toBe(held);
  optimiser.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

it('refuses settings out of range', () => {
  const weight = parameter(1, [1]);
  expect(() => adam({ weight }, { beta1: 1 })).toThrow(/beta1 is 1/);
  expect(() => adam({ weight }, { learningRate: Number.NaN })).toThrow(/learningRate is NaN/);
});
