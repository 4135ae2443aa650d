import type { ModelProto } from '../onnx/proto.js';

/** The model as it is filed: the operator sets in use, plain short names inside, metadata, and no shapes of inner values. */
export function finishModel(
  { ir_version, opset_import, graph }: ModelProto,
  metadata: Readonly<Record<string, string>>,
): ModelProto {
  const kept = new Map([...graph.input, ...graph.output].map(({ name }) => [name, name]));
  kept.set('', '');
  const rename = (name: string, prefix: string): string => {
    const known = kept.get(name) ?? unused(`${prefix}${kept.size}`, kept);
    kept.set(name, known);
    return known;
  };
  const initializer = graph.initializer.map((tensor) => ({ ...tensor, name: rename(tensor.name!, 'c') }));
  const node = graph.node.map((each) => ({
    ...each,
    name: '',
    input: each.input.map((name) => rename(name, 'v')),
    output: each.output.map((name) => rename(name, 'v')),
  }));
  const used = new Set(graph.node.map(({ domain }) => domain ?? ''));
  return {
    ir_version,
    producer_name: 'semwave',
    opset_import: opset_import.filter(({ domain = '' }) => domain === '' || used.has(domain)),
    metadata_props: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: { name: 'semwave', node, initializer, input: graph.input, output: graph.output },
  };
}

function unused(name: string, kept: ReadonlyMap<string, string>): string {
  return kept.get(name) === name ? unused(`${name}_`, kept) : name;
}
