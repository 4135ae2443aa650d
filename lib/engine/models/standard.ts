import { InputError } from '../../base/index.js';
import { Builder, type Sym, type TemplateNode } from '../onnx/builder.js';
import type { Template } from '../onnx/template.js';

/** A node of ONNX Runtime's own operators as standard nodes with the same outputs. */
type Spelling = (g: Builder, node: TemplateNode) => void;

const spellings: Readonly<Record<string, Spelling>> = {
  FusedMatMul: (g, { inputs, outputs, attributes }) => {
    const [a, b] = inputs as [Sym, Sym];
    const operands = [attributes.transA ? swapped(g, a) : a, attributes.transB ? swapped(g, b) : b];
    g.nodes.push({ op: 'MatMul', domain: '', inputs: operands, outputs, attributes: {} });
  },
};

function swapped(g: Builder, x: Sym): Sym {
  const last = x.shape.length - 1;
  return g.transpose(x, [...x.shape.slice(0, -2).keys(), last, last - 1]);
}

const isStandard = ({ domain }: TemplateNode) => domain === '';

/**
 * The kernel in standard operators alone.
 * @throws InputError naming the kernel and an operator that has no spelling in standard ones.
 */
export function onlyStandard(template: Template): Template {
  const { lean, ...rest } = template;
  const kept = lean?.every(isStandard) ? { ...rest, lean } : rest;
  if (template.nodes.every(isStandard)) return kept;
  const g = new Builder(0, true);
  for (const node of template.nodes) {
    const spell = spellings[node.op];
    if (isStandard(node)) g.nodes.push(node);
    else if (spell) spell(g, node);
    else
      throw new InputError(
        `export: ${template.kernel} has no standard operator for ${node.domain}.${node.op}`,
      );
  }
  return { ...kept, nodes: g.nodes };
}
