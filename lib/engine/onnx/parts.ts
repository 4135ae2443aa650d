import { Builder, type Sym, sizeOf } from './builder.js';
import type { ModelConstant, ModelGraph, ModelNode, ModelValue } from './model.js';

/** Elements of a part: few enough that all values of a part stay in the caches of two cores. */
const partSize = 2 ** 18;

/** An elementwise function of values, and of what is the same for all their parts. */
export type Elementwise = (g: Builder, values: readonly Sym[], shared: readonly Sym[]) => Sym[];

/**
 * An elementwise function of large values, computed by parts of their rows: each step finds in the caches what
 * the one before has left there. ONNX Runtime's `Scan` cuts its inputs and joins its results without copies.
 * @param values all of one shape
 * @param shared a number each, or along the last axis
 */
export function inParts(g: Builder, values: readonly Sym[], shared: readonly Sym[], f: Elementwise): Sym[] {
  const { shape, type } = values[0]!;
  const parts = partsOf(shape);
  if (g.portable || parts < 2) return f(g, values, shared);
  const part = [sizeOf(shape) / (parts * shape.at(-1)!), shape.at(-1)!];
  const whole = [parts, ...part];
  const h = new Builder(g.blockSize);
  const [inner, same] = [values.map((): Sym => ({ type, shape: part })), shared.map((x): Sym => ({ ...x }))];
  const results = f(h, inner, same);
  const kept = same.map((x) => h.unary('Identity', x));
  const body = write(h, [...same, ...inner], [...kept, ...results]);
  const inputs = [...shared, ...values.map((x) => g.reshape(x, whole))];
  const shapes = [...shared.map((x) => x.shape), ...results.map(() => whole)];
  const outputs = g.multiple('Scan', inputs, shapes, {
    attributes: { body: { graph: body }, num_scan_inputs: values.length },
    type,
  });
  return outputs.slice(shared.length).map((y) => g.reshape(y, shape));
}

function partsOf(shape: readonly number[]): number {
  const rows = sizeOf(shape.slice(0, -1));
  let parts = 1;
  while (sizeOf(shape) >= 2 * parts * partSize && rows % (2 * parts) === 0) parts *= 2;
  return parts;
}

/** What a builder has collected as a graph of its own. */
function write({ nodes }: Builder, inputs: readonly Sym[], outputs: readonly Sym[]): ModelGraph {
  const names = new Map<Sym, string>();
  const constants: ModelConstant[] = [];
  const nameOf = (symbol: Sym): string => {
    const name = names.get(symbol) ?? `part${names.size}`;
    if (!names.has(symbol) && symbol.constant) {
      constants.push({ name, type: symbol.type, shape: symbol.shape, bytes: symbol.constant });
    }
    names.set(symbol, name);
    return name;
  };
  const describe = (symbol: Sym): ModelValue => ({
    name: nameOf(symbol),
    type: symbol.type,
    shape: symbol.shape,
  });
  const given = inputs.map(describe);
  const written = nodes.map(
    (node): ModelNode => ({
      ...node,
      name: '',
      inputs: node.inputs.map((symbol) => (symbol ? nameOf(symbol) : '')),
      outputs: node.outputs.map(nameOf),
    }),
  );
  return { nodes: written, constants, inputs: given, outputs: outputs.map(describe) };
}
