import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeModel, encodeModel, type ModelProto } from '../onnx/proto.js';
import type { Runtime } from '../onnx/runtime.js';
import { inOneLine } from './check.js';
import { type Shapes, simplify } from './simplify.js';

/**
 * How far ONNX Runtime goes: `basic` folds constants, cancels transposes and fuses into standard operators;
 * `all` is what it runs, with operators and layouts of its own.
 */
export type Level = 'basic' | 'all';

/** A model in few standard operators that run fast. */
export function compact(runtime: Runtime, model: Uint8Array): ModelProto {
  const folded = optimise(runtime, model);
  const graph = simplify(folded.graph, shapesOf(runtime, folded));
  return optimise(runtime, encodeModel({ ...folded, graph }));
}

/** The shapes of all values, as ONNX Runtime infers them. */
function shapesOf(runtime: Runtime, model: ModelProto): Shapes {
  const inner = model.graph.node.flatMap(({ output }) => output).filter((name) => name !== '');
  const known = new Set(model.graph.output.map(({ name }) => name));
  const output = [
    ...model.graph.output,
    ...inner.filter((name) => !known.has(name)).map((name) => ({ name })),
  ];
  const bytes = encodeModel({ ...model, graph: { ...model.graph, output } });
  const options = { graphOptimizationLevel: 'disabled' };
  const session = inOneLine('model', () => runtime.session(bytes, 1, { options }));
  const ports = [...session.inputMetadata, ...session.outputMetadata];
  session.dispose();
  return new Map(ports.map(({ name, shape }) => [name, shape]));
}

/** A model after ONNX Runtime's own optimisation, which it hands out as a file only. */
export function optimise(runtime: Runtime, model: Uint8Array, level: Level = 'basic'): ModelProto {
  const folder = mkdtempSync(join(tmpdir(), 'semwave-'));
  const path = join(folder, 'model.onnx');
  try {
    const options = { graphOptimizationLevel: level, optimizedModelFilePath: path };
    inOneLine('model', () => runtime.session(model, 1, { options }).dispose());
    return decodeModel(readFileSync(path));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
