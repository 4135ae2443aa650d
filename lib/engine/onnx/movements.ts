import { sizeOf } from './builder.js';
import type { ModelConstant, ModelNode, ModelValue } from './model.js';

type Shapes = ReadonlyMap<string, readonly number[]>;

/** Operators that copy their input in another order; what they do follows from shapes and attributes. */
const copies = ['Transpose', 'Split', 'Concat'];
/** Elements that must stay together; memory is slow at shorter runs. */
const leastRun = 32;
/** Runs that one copy picks, at most: their numbers are part of the graph. */
const mostRuns = 2 ** 20;

/** A value that is made of runs of elements of another: their numbers there, in order. */
interface Moved {
  source: string;
  runs: Int32Array;
}

/** Turns chains of copies into one: the last picks its runs from the source, the others fall away if nobody reads them. */
export function fuseMovements(
  nodes: readonly ModelNode[],
  outputs: readonly ModelValue[],
  shapes: Shapes,
): { nodes: ModelNode[]; constants: ModelConstant[] } {
  const chains = new Chains(nodes, shapes);
  const constants: ModelConstant[] = [];
  const constant = (values: readonly number[] | Int32Array, name: string): string => {
    const bytes = new Uint8Array(BigInt64Array.from(values as readonly number[], BigInt).buffer);
    constants.push({ name, type: 'int64', shape: [values.length], bytes });
    return name;
  };
  const written = nodes.flatMap((node): ModelNode[] => {
    const [result] = node.outputs as [string];
    const run = chains.isLast(node) ? chains.run(node) : 0;
    const moved = run > 0 ? chains.trace(result, run) : undefined;
    if (!moved) return [node];
    const part = (op: string, inputs: string[], output: string): ModelNode => {
      return { name: `${node.name}:${output}`, op, domain: '', inputs, outputs: [output], attributes: {} };
    };
    const rows = [sizeOf(shapes.get(moved.source)!) / run, run];
    const [from, to] = [`${result}:rows`, `${result}:picked`];
    return [
      part('Reshape', [moved.source, constant(rows, `${result}:from`)], from),
      part('Gather', [from, constant(moved.runs, `${result}:runs`)], to),
      part('Reshape', [to, constant(shapes.get(result)!, `${result}:to`)], result),
    ];
  });
  const views = new Views(outputs, shapes);
  const kept = written.map((node) => views.simplify(node));
  return { nodes: withoutUnread(kept, outputs), constants };
}

/** Reshaped values; each shape of a value is made once, and of the value itself. */
class Views {
  private readonly sources = new Map<string, string>();
  private readonly known = new Map<string, string>();
  private readonly others = new Map<string, string>();
  private readonly outputs: ReadonlySet<string>;

  constructor(
    outputs: readonly ModelValue[],
    private readonly shapes: Shapes,
  ) {
    this.outputs = new Set(outputs.map(({ name }) => name));
  }

  /** The node with its inputs in place of equal ones; what nobody reads then is left out later. */
  simplify(node: ModelNode): ModelNode {
    const inputs = node.inputs.map((name) => this.others.get(name) ?? name);
    if (node.op !== 'Reshape' || 'allowzero' in node.attributes) return { ...node, inputs };
    const [result] = node.outputs as [string];
    const source = this.sources.get(inputs[0]!) ?? inputs[0]!;
    this.sources.set(result, source);
    const shape = this.shapes.get(result)?.join();
    if (shape !== undefined && !this.outputs.has(result)) {
      const key = `${source}|${shape}`;
      const equal = this.shapes.get(source)?.join() === shape ? source : this.known.get(key);
      if (equal !== undefined) this.others.set(result, equal);
      else this.known.set(key, result);
    }
    return { ...node, inputs: [source, inputs[1]!] };
  }
}

class Chains {
  private readonly makers = new Map<string, ModelNode>();
  private readonly readers = new Map<string, ModelNode[]>();

  constructor(
    nodes: readonly ModelNode[],
    private readonly shapes: Shapes,
  ) {
    for (const node of nodes) {
      for (const name of node.outputs) this.makers.set(name, node);
      for (const name of node.inputs) this.readers.set(name, [...(this.readers.get(name) ?? []), node]);
    }
  }

  /** Whether the node is a copy that something else than copies reads. */
  isLast(node: ModelNode): boolean {
    if ((node.op !== 'Transpose' && node.op !== 'Concat') || node.domain !== '') return false;
    return !this.isReadByCopies(node.outputs[0]!);
  }

  private isReadByCopies(name: string): boolean {
    const readers = this.readers.get(name) ?? [];
    return (
      readers.length > 0 &&
      readers.every(({ op, outputs }) =>
        op === 'Reshape' ? this.isReadByCopies(outputs[0]!) : copies.includes(op),
      )
    );
  }

  /** The copies and views before a node, itself included. */
  private before(node: ModelNode, found = new Set<ModelNode>()): Set<ModelNode> {
    found.add(node);
    for (const name of dataOf(node)) {
      const maker = this.makers.get(name);
      if (maker && isMovement(maker) && !found.has(maker)) this.before(maker, found);
    }
    return found;
  }

  /** Elements that stay together from the source on; 0 where one copy does it all or they are too few. */
  run(node: ModelNode): number {
    const all = [...this.before(node)].filter(({ op }) => copies.includes(op));
    if (all.length < 2) return 0;
    const run = all.map((copy) => this.keptTogether(copy)).reduce(gcd);
    const runs = sizeOf(this.shapes.get(node.outputs[0]!)!) / run;
    return run >= leastRun && runs <= mostRuns ? run : 0;
  }

  private keptTogether({ op, inputs, outputs, attributes }: ModelNode): number {
    const shape = this.shapes.get(inputs[0]!)!;
    if (op === 'Transpose') {
      return sizeOf(shape.slice(firstKept(attributes.perm as number[])));
    }
    const axis = attributes.axis as number;
    return (op === 'Split' ? outputs : inputs)
      .map((name) => sizeOf(this.shapes.get(name)!.slice(axis)))
      .reduce(gcd);
  }

  /** The runs of a value in the one value that it is a copy of; undefined where there are several. */
  trace(name: string, run: number): Moved | undefined {
    const maker = this.makers.get(name);
    if (!maker || !isMovement(maker)) {
      const length = sizeOf(this.shapes.get(name)!) / run;
      return { source: name, runs: Int32Array.from({ length }, (_, i) => i) };
    }
    const parts = dataOf(maker).map((input) => this.trace(input, run));
    const [first] = parts;
    if (!first || parts.some((part) => part?.source !== first.source)) return undefined;
    const given = parts.map((part) => part!.runs);
    return { source: first.source, runs: this.move(maker, name, given, run) };
  }

  private move(node: ModelNode, name: string, given: Int32Array[], run: number): Int32Array {
    const axis = node.attributes.axis as number;
    const [shape, result] = [node.inputs[0]!, name].map((value) => this.shapes.get(value)!) as [
      number[],
      number[],
    ];
    if (node.op === 'Transpose') return transpose(given[0]!, shape, node.attributes.perm as number[], run);
    if (node.op === 'Concat') return join(given, sizeOf(result.slice(0, axis)));
    if (node.op === 'Reshape') return given[0]!;
    const [all, own] = [sizeOf(shape.slice(axis)), sizeOf(result.slice(axis))].map((n) => n / run) as [
      number,
      number,
    ];
    const earlier = node.outputs.slice(0, node.outputs.indexOf(name));
    const begin = earlier.reduce((sum, other) => sum + sizeOf(this.shapes.get(other)!.slice(axis)) / run, 0);
    const length = sizeOf(result) / run;
    return Int32Array.from({ length }, (_, i) => given[0]![Math.floor(i / own) * all + begin + (i % own)]!);
  }
}

const isMovement = ({ op, domain }: ModelNode): boolean =>
  domain === '' && (op === 'Reshape' || copies.includes(op));

/** The inputs that are copied. */
const dataOf = ({ op, inputs }: ModelNode): readonly string[] =>
  op === 'Concat' ? inputs : inputs.slice(0, 1);

const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));

/** Parts side by side in each of `rows` rows. */
function join(parts: readonly Int32Array[], rows: number): Int32Array {
  const width = parts.reduce((sum, { length }) => sum + length / rows, 0);
  const joined = new Int32Array(rows * width);
  let begin = 0;
  for (const part of parts) {
    const own = part.length / rows;
    for (let row = 0; row < rows; row++) {
      joined.set(part.subarray(row * own, (row + 1) * own), row * width + begin);
    }
    begin += own;
  }
  return joined;
}

/** Axes from this one on stay where they are. */
function firstKept(perm: readonly number[]): number {
  let kept = perm.length;
  while (kept > 0 && perm[kept - 1] === kept - 1) kept--;
  return kept;
}

function transpose(
  runs: Int32Array,
  shape: readonly number[],
  perm: readonly number[],
  run: number,
): Int32Array {
  const kept = firstKept(perm);
  const block = sizeOf(shape.slice(kept)) / run;
  const strides = shape.slice(0, kept).map((_, axis) => block * sizeOf(shape.slice(axis + 1, kept)));
  const moved = new Int32Array(runs.length);
  let at = 0;
  const fill = (depth: number, from: number): void => {
    if (depth === kept) {
      moved.set(runs.subarray(from, from + block), at);
      at += block;
      return;
    }
    const axis = perm[depth]!;
    for (let i = 0; i < shape[axis]!; i++) fill(depth + 1, from + i * strides[axis]!);
  };
  fill(0, 0);
  return moved;
}

/** Nodes of which a result is read. */
function withoutUnread(nodes: readonly ModelNode[], outputs: readonly ModelValue[]): ModelNode[] {
  const read = new Set(outputs.map(({ name }) => name));
  const kept: ModelNode[] = [];
  for (const node of [...nodes].reverse()) {
    if (!node.outputs.some((name) => read.has(name))) continue;
    for (const name of node.inputs) read.add(name);
    kept.push(node);
  }
  return kept.reverse();
}
