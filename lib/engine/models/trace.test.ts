import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../base/index.js';
import { useEngine } from '../engines.js';
import { decodeModel, encodeModel, type ModelProto } from '../onnx/proto.js';
import { pattern } from '../testing.js';
import { openModel } from './open.js';
import { traceModel } from './trace.js';

beforeAll(async () => {
  await useEngine('cpu');
});

const tensor = (x: tf.Tensor) => ({ data: x.dataSync() as Float32Array, shape: x.shape });
const operators = (bytes: Uint8Array) => decodeModel(bytes).graph.node.map(({ op_type }) => op_type);

/** Largest difference between the traced function on ONNX Runtime and the function on the plain engine. */
async function difference(fn: (x: tf.Tensor) => tf.Tensor, shape: number[]): Promise<number> {
  const model = openModel(await traceModel(({ x }) => ({ y: fn(x!) }), { inputs: { x: { shape } } }));
  const x = pattern(shape, 3);
  const expected = fn(x);
  const { y } = model.run({ x: tensor(x) });
  expect(y!.shape).toEqual(expected.shape);
  const values = Array.from(expected.dataSync());
  model.dispose();
  return values.reduce((most, value, i) => Math.max(most, Math.abs(value - y!.data[i]!)), 0);
}

async function messageOf(act: () => unknown): Promise<string> {
  const error = await Promise.resolve()
    .then(act)
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  expect(error).toBeInstanceOf(InputError);
  expect((error as Error).message).not.toContain('\n');
  return (error as Error).message;
}

describe('a traced function', () => {
  it('is the function', async () => {
    const filter = pattern([5, 5, 3, 4], 1) as tf.Tensor4D;
    const image = [1, 12, 16, 3];
    const functions: ((x: tf.Tensor) => tf.Tensor)[] = [
      (x) =>
        tf.prelu(tf.add(tf.conv2d(x as tf.Tensor4D, filter, 2, 'same'), [1, 2, 3, 4]), [0.1, 0.2, 0.3, 0.4]),
      (x) =>
        tf.conv2dTranspose(x as tf.Tensor4D, tf.transpose(filter, [0, 1, 3, 2]), [1, 24, 32, 4], 2, 'same'),
      (x) => tf.softmax(tf.matMul(tf.reshape(x, [36, 16]), tf.reshape(x, [36, 16]), true, false)),
      (x) => tf.matMul(tf.reshape(x, [2, 18, 16]), tf.reshape(x, [2, 18, 16]), false, true),
      (x) => tf.concat([tf.mean(x, -1, true), tf.gather(x, [2, 0], 3)], 3),
      (x) => tf.depthToSpace(tf.conv2d(x as tf.Tensor4D, filter, 1, 'valid'), 2),
      (x) => x,
    ];
    for (const fn of functions) expect(await difference(fn, image)).toBeLessThan(1e-5);
  });

  it('has standard operators only, weights in place and transposes cancelled', async () => {
    const filter = tf.variable(pattern([3, 3, 4, 4], 1)) as tf.Tensor as tf.Tensor4D;
    const bytes = await traceModel(
      ({ x }) => {
        const once = tf.relu(tf.add(tf.conv2d(x as tf.Tensor4D, filter, 1, 'same'), [1, 2, 3, 4]));
        return { y: tf.conv2d(once as tf.Tensor4D, filter, 1, 'same') };
      },
      { inputs: { x: { shape: [1, 8, 8, 4] } } },
    );
    expect(operators(bytes)).toEqual(['Transpose', 'Conv', 'Relu', 'Conv', 'Transpose']);
    const { opset_import, producer_name, ir_version } = decodeModel(bytes);
    expect(opset_import).toEqual([{ version: 21 }]);
    expect({ producer_name, ir_version }).toEqual({ producer_name: 'semwave', ir_version: 10 });
    const product = await traceModel(({ a }) => ({ y: tf.matMul(a!, a!, true, false) }), {
      inputs: { a: { shape: [3, 4] } },
    });
    expect(decodeModel(product).graph.node.every(({ domain }) => !domain)).toBe(true);
  });

  it('takes several inputs, used or not, of all types, gives several outputs, carries its metadata', async () => {
    const bytes = await traceModel(
      ({ x, choice, flag }) => ({
        picked: tf.gather(x!, choice as tf.Tensor1D),
        flipped: tf.logicalNot(flag!),
        constant: tf.square(tf.scalar(3)),
        input: x!,
      }),
      {
        inputs: {
          x: { shape: [3] },
          choice: { shape: [2], type: 'int32' },
          flag: { shape: [1], type: 'bool' },
          unused: { shape: [2, 2] },
        },
        metadata: { ratio: '0.5', text: 'ä' },
      },
    );
    const model = openModel(bytes);
    expect(model.metadata).toEqual({ ratio: '0.5', text: 'ä' });
    expect(model.inputs.map(({ name, type, shape }) => [name, type, shape])).toEqual([
      ['x', 'float32', [3]],
      ['choice', 'int32', [2]],
      ['flag', 'bool', [1]],
      ['unused', 'float32', [2, 2]],
    ]);
    const x = { data: Float32Array.of(5, 6, 7), shape: [3] };
    const inputs = {
      x,
      choice: { data: Int32Array.of(2, 0), shape: [2] },
      flag: { data: Uint8Array.of(0), shape: [1] },
      unused: { data: new Float32Array(4), shape: [2, 2] },
    };
    const { picked, flipped, constant, input } = model.run(inputs);
    expect([picked, flipped, constant, input].map((each) => [...each!.data])).toEqual([
      [7, 5],
      [1],
      [9],
      [5, 6, 7],
    ]);
    expect(await messageOf(() => model.run({ ...inputs, x: { ...x, shape: [4] } }))).toBe(
      'model: input x is a Float32Array of 3 in shape [4]; it takes float32 [3]',
    );
    expect(await messageOf(() => model.run({ x }))).toBe('model: no input choice; it takes int32 [2]');
    model.dispose();
  });

  it('leaves the engine in use, its variables and its tensors as they were', async () => {
    const weight = tf.variable(tf.tensor1d([1, 2]));
    const before = tf.memory().numTensors;
    await traceModel(({ x }) => ({ y: tf.mul(x!, weight) }), { inputs: { x: { shape: [2] } } });
    expect(tf.getBackend()).toBe('cpu');
    expect(tf.memory().numTensors).toBe(before);
    expect([...tf.add(weight, 1).dataSync()]).toEqual([2, 3]);
  });

  it('must depend on shapes alone and give something', async () => {
    const inputs = { x: { shape: [2] } };
    expect(
      await messageOf(() => traceModel(({ x }) => ({ y: tf.scalar(x!.dataSync()[0]!) }), { inputs })),
    ).toContain('export: the function reads values of its tensors');
    expect(await messageOf(() => traceModel(() => ({}), { inputs }))).toBe(
      'export: the function has no output',
    );
    let leaked: tf.Tensor | undefined;
    await traceModel(
      ({ x }) => {
        leaked = tf.keep(tf.mul(x!, 2));
        return { y: x! };
      },
      { inputs },
    );
    expect(await messageOf(() => leaked!.dataSync())).toContain('it holds no values');
    leaked!.dispose();
  });
});

describe('a hostile model file', () => {
  const change = async (edit: (model: ModelProto) => void): Promise<Uint8Array> => {
    const model = decodeModel(
      await traceModel(({ x }) => ({ y: tf.mul(x!, pattern([64], 1)) }), { inputs: { x: { shape: [64] } } }),
    );
    edit(model);
    return encodeModel(model);
  };
  const refusal = (bytes: Uint8Array) => messageOf(() => openModel(bytes));

  it('is refused in one line', async () => {
    const sound = await change(() => {});
    expect(openModel(sound).inputs).toHaveLength(1);
    expect(await refusal(new Uint8Array(0))).toBe('model: 0 bytes that are no ONNX model');
    expect(await refusal(new TextEncoder().encode('<!doctype html>'))).toContain('no ONNX model');
    expect(await refusal(sound.slice(0, sound.length / 2))).toContain('no ONNX model');
    expect(await messageOf(() => openModel('/nowhere/model.onnx'))).toBe(
      'model /nowhere/model.onnx: no such file or folder',
    );
    expect(await messageOf(() => openModel(sound, { maxBytes: 100 }))).toBe(
      `model: ${sound.length} bytes; allowed: at most 100`,
    );
    const unknown = await change(({ graph }) => {
      graph.node[0]!.op_type = 'Nonsense';
    });
    expect(await refusal(unknown)).toMatch(/^model: ONNX Runtime refuses it: .*Nonsense/);
    const loop = await change(({ graph }) => {
      graph.node[0]!.op_type = 'Loop';
    });
    expect(await refusal(loop)).toContain('it has the operator Loop; allowed: models without loops');
    const double = await change(({ graph }) => {
      for (const { type } of [...graph.input, ...graph.output]) type!.tensor_type!.elem_type = 11;
      graph.initializer = [
        { name: graph.initializer[0]!.name, dims: [1], data_type: 11, raw_data: new Uint8Array(8) },
      ];
    });
    expect(await refusal(double)).toBe('model: x has ONNX type 11; allowed: float32, int32, bool');
  });

  it('may not read other files, wherever it says so', async () => {
    const outside = {
      name: 'outside',
      dims: [4],
      data_type: 1,
      data_location: 1,
      external_data: [{ key: 'location', value: '../../etc/passwd' }],
    };
    const places: ((model: ModelProto) => void)[] = [
      ({ graph }) => void graph.initializer.push(outside),
      ({ graph }) => void graph.node[0]!.attribute.push({ name: 'value', type: 4, t: outside }),
      ({ graph }) =>
        void graph.node[0]!.attribute.push({
          name: 'body',
          type: 5,
          g: { node: [], initializer: [outside], input: [], output: [] },
        }),
      (model) => Object.assign(model.graph, { sparse_initializer: [{ values: outside, dims: [4] }] }),
      (model) =>
        Object.assign(model, {
          functions: [{ node: [{ op_type: 'Constant', attribute: [{ name: 'value', t: outside }] }] }],
        }),
    ];
    for (const place of places) {
      expect(await refusal(await change(place))).toBe(
        'model: a tensor takes its values from another file; allowed: all values inside',
      );
    }
  });

  it('never does worse than an InputError, whatever byte is changed', async () => {
    const sound = await change(() => {});
    for (let at = 0; at < sound.length; at += 3) {
      const broken = sound.slice();
      broken[at]! ^= 1 << (at % 8);
      try {
        openModel(broken).dispose();
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        expect((error as Error).message).not.toContain('\n');
      }
    }
  });
});
