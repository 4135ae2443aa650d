import { InputError } from '../../base/index.js';
import { Graph } from '../onnx/graph.js';
import type { Template } from '../onnx/template.js';
import type { GraphNode, Value } from '../onnx/values.js';
import { onlyStandard } from './standard.js';

/** A graph that only records: nothing in it is ever computed. */
export class Recording extends Graph {
  private readonly values: Value[] = [];

  override makeRoom(): void {}

  override record(template: Template, inputs: readonly Value[]): Value[] {
    const outputs = super.record(onlyStandard(template), inputs);
    this.values.push(...outputs);
    return outputs;
  }

  /** The last value recorded. */
  get latest(): Value {
    return this.values.at(-1)!;
  }

  override flush(): void {
    throw new InputError(
      'export: the function reads values of its tensors; allowed: operations on tensors that depend on their shapes alone',
    );
  }

  /** The nodes that these values need, each after those that it needs. */
  nodesFor(outputs: readonly Value[]): GraphNode[] {
    const found = new Set<GraphNode>();
    const open = outputs.flatMap(({ node }) => node ?? []);
    const entered = new Set<GraphNode>();
    while (open.length > 0) {
      const node = open.at(-1)!;
      if (entered.has(node)) {
        found.add(open.pop()!);
        continue;
      }
      entered.add(node);
      for (const input of node.inputs) if (input.node && !entered.has(input.node)) open.push(input.node);
    }
    return [...found];
  }

  /** What tensors still hold of the recording can no longer be had. */
  end(): void {
    const failure = new InputError('a tensor of a function that was exported: it holds no values');
    for (const value of this.values) if (value.pending) value.fail(failure);
  }
}
