import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';
import { InputError } from '../base/index.js';
import { useEngine } from '../engine/index.js';
import {
  assignTree,
  cloneTree,
  countParameters,
  disposeTree,
  flatten,
  type ParameterTree,
  parameter,
  snapshot,
} from './parameters.js';

beforeAll(async () => {
  await useEngine('cpu');
});

const tree = (): ParameterTree => ({
  encoder: { block0: { weight: parameter(1, [2, 3]) }, bias: parameter(2, [3]) },
  gain: parameter(3, []),
});

it('names and counts the leaves in the order of the keys', () => {
  expect([...flatten(tree()).keys()]).toEqual(['encoder.block0.weight', 'encoder.bias', 'gain']);
  expect(countParameters(tree())).toBe(10);
});

it.each(['', 'a.b', 'constructor'])('refuses the name %j', (name) => {
  expect(() => flatten({ [name]: parameter(0, [1]) })).toThrow(InputError);
});

it('a clone has the values and not the variables', async () => {
  const original = tree();
  const copy = cloneTree(original);
  const before = await snapshot(copy);
  for (const variable of flatten(original).values()) variable.assign(tf.zerosLike(variable));
  expect(await snapshot(copy)).toEqual(before);
});

it('a snapshot restores exactly and shares no memory', async () => {
  const model = tree();
  const taken = await snapshot(model);
  flatten(model).get('gain')!.assign(tf.scalar(9));
  expect(taken.get('gain')!.data[0]).toBe(3);
  assignTree(model, taken);
  taken.get('gain')!.data[0] = 5;
  expect((await snapshot(model)).get('gain')!.data[0]).toBe(3);
  expect(() => parameter(new Float32Array(5), [2, 3])).toThrow(/5 values; allowed: 6/);
});

it('assigns all or nothing', async () => {
  const model = tree();
  const before = await snapshot(model);
  const changed = (edit: (values: typeof before) => void) => {
    const values = new Map(
      [...before].map(([name, { shape }]) => [
        name,
        {
          shape,
          data: new Float32Array(6).subarray(
            0,
            shape.reduce((a, b) => a * b, 1),
          ),
        },
      ]),
    );
    edit(values);
    return values;
  };
  expect(() =>
    assignTree(
      model,
      changed((v) => v.delete('gain')),
    ),
  ).toThrow(/no tensor gain/);
  expect(() =>
    assignTree(
      model,
      changed((v) => v.set('extra', v.get('gain')!)),
    ),
  ).toThrow(/"extra" is not a parameter/);
  expect(() =>
    assignTree(
      model,
      changed((v) => v.set('gain', { shape: [1], data: new Float32Array(1) })),
    ),
  ).toThrow(/shape \[1\]/);
  expect(await snapshot(model)).toEqual(before);
});

it('releases everything', () => {
  const before = tf.memory().numTensors;
  const model = tree();
  const copy = cloneTree(model);
  assignTree(model, flatten(copy));
  disposeTree(model);
  disposeTree(copy);
  expect(tf.memory().numTensors).toBe(before);
});
