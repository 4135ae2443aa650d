import { describe, expect, it } from 'vitest';
import { Builder, type Sym, sizeOf } from './builder.js';
import { type ModelGraph, writeModel } from './model.js';
import { fuseMovements } from './movements.js';
import { GraphWriter } from './plan.js';
import { Runtime } from './runtime.js';
import { type GraphNode, Value } from './values.js';

const runtime = new Runtime();

/** What a lowering of one input becomes, as it is and with its movements fused: operators and values. */
function both(shape: number[], lowering: (g: Builder, x: Sym) => Sym) {
  const g = new Builder(0, true);
  const x: Sym = { type: 'float32', shape };
  const y = lowering(g, x);
  const template = {
    id: 0,
    kernel: 'moves',
    inputs: [x],
    nodes: g.nodes,
    outputs: [y],
    many: false,
    bytes: 0,
  };
  const input = new Value('float32', shape);
  const node: GraphNode = { template, inputs: [input], outputs: [], needed: true, position: 0 };
  const output = new Value('float32', y.shape, undefined, node);
  output.holders = 1;
  node.outputs.push(output);
  const feeds = [{ value: input, type: input.type, shape }];
  const writer = new GraphWriter({ nodes: [node], feeds, outputs: [output], sources: [-1], key: '' });
  const { nodes, constants, inputs, outputs } = writer;
  const moved = fuseMovements(nodes, outputs, writer.shapes);
  const fused = { inputs, outputs, nodes: moved.nodes, constants: [...constants, ...moved.constants] };
  return [{ nodes, constants, inputs, outputs }, fused].map((graph) => ({
    operators: graph.nodes.map(({ op }) => op).filter((op) => op !== 'Reshape'),
    values: valuesOf(graph, shape),
  }));
}

function valuesOf(graph: ModelGraph, shape: number[]): number[] {
  const session = runtime.session(writeModel(graph), 1);
  const data = Float32Array.from({ length: sizeOf(shape) }, (_, i) => i);
  const [name] = graph.outputs.map((value) => value.name) as [string];
  const results = session.run({ f0: runtime.tensor('float32', data, shape) }, { [name]: null }, {});
  session.dispose();
  return [...results[name]!.data];
}

/** Rows and columns of images moved around the edges by one. */
const roll = (g: Builder, x: Sym): Sym =>
  [1, 2].reduce((moved, axis) => {
    const [head, tail] = g.split(moved, [1, x.shape[axis]! - 1], axis) as [Sym, Sym];
    return g.concat([tail, head], axis);
  }, x);

const windows = (g: Builder, x: Sym): Sym => {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const apart = g.reshape(x, [n, h / 2, 2, w / 2, 2, c]);
  return g.reshape(g.transpose(apart, [0, 1, 3, 2, 4, 5]), [(n * h * w) / 4, 4, c]);
};

describe('copies after copies', () => {
  it('become one, with the same values', () => {
    const [plain, fused] = both([2, 4, 6, 32], (g, x) =>
      g.unary('Neg', windows(g, roll(g, g.unary('Abs', x)))),
    );
    expect(plain!.operators).toEqual(['Abs', 'Split', 'Concat', 'Split', 'Concat', 'Transpose', 'Neg']);
    expect(fused!.operators).toEqual(['Abs', 'Gather', 'Neg']);
    expect(fused!.values).toEqual(plain!.values);
  });

  it('become one where the runs are shorter than what one of them moves', () => {
    const [plain, fused] = both([3, 4, 64], (g, x) => {
      const parts = g.split(g.transpose(x, [1, 0, 2]), [32, 32], 2);
      return g.transpose(g.reshape(g.concat([parts[1]!, parts[0]!], 2), [12, 2, 32]), [1, 0, 2]);
    });
    expect(fused!.operators).toEqual(['Gather']);
    expect(fused!.values).toEqual(plain!.values);
  });

  it('stay where runs are short, where values come from several, and where one copy does it all', () => {
    const short = both([2, 4, 6, 8], (g, x) => windows(g, roll(g, x)));
    const mixed = both([2, 4, 6, 32], (g, x) =>
      g.transpose(g.concat([x, g.unary('Neg', x)], 1), [1, 0, 2, 3]),
    );
    const single = both([4, 4, 6, 32], windows);
    for (const [plain, fused] of [short, mixed, single]) {
      expect(fused!.operators).toEqual(plain!.operators);
      expect(fused!.values).toEqual(plain!.values);
    }
  });
});
