import type { Builder, Sym } from '../builder.js';
import { inParts } from '../parts.js';
import { prelu } from './elementwise.js';
import type { Lowering, Lowerings } from './lowering.js';

/** Twice the constants of the tanh form of GELU, whose 0.5(1 + tanh u) is sigmoid(2u). */
const linear = 2 * Math.sqrt(2 / Math.PI);
const cubic = linear * 0.044715;

interface AdamAttrs {
  beta1: number;
  beta2: number;
}

/** y = x·gate with gate = sigmoid(x·slope) and slope = a + b·x²; and its derivative by x. */
function gelu(g: Builder, x: Sym): [y: Sym, derivative: Sym] {
  const slope = g.affine(g.mul(x, x), cubic, linear);
  const gate = g.unary('Sigmoid', g.mul(x, slope));
  const y = g.mul(x, gate);
  const steep = g.affine(slope, 3, -2 * linear);
  return [y, g.mul(gate, g.affine(g.mul(g.sub(x, y), steep), 1, 1))];
}

/** As `GeluTanh` of x + bias in another shape. */
export const biasGelu: Lowering = (g, { x, bias }, { shape }: { shape: readonly number[] }) => {
  const results = inParts(g, [x], [bias!], (h, [part], [same]) => gelu(h, h.add(part!, same!)));
  const [y, derivative] = results.map((result) => g.reshape(result, shape)) as [Sym, Sym];
  g.alone(y, (h) => h.reshape(h.node('FastGelu', [x, bias], x.shape, { domain: 'com.microsoft' }), shape));
  return [y, derivative];
};

/**
 * Kernels that tfjs does not have: whole functions of `lib/nn`, with what their gradients need. Where only
 * the value is read, ONNX Runtime computes it by one operator.
 */
export const fused: Lowerings = {
  GeluTanh: (g, { x }) => {
    const [y, derivative] = inParts(g, [x], [], (h, [part]) => gelu(h, part!)) as [Sym, Sym];
    g.alone(y, (h) => h.node('FastGelu', [x], x.shape, { domain: 'com.microsoft' }));
    return [y, derivative];
  },
  /** PReLU as x·gate, and the gate: 1 for positive values and the slope for the others. */
  PreluGate: (g, { x, alpha }) => {
    const step = g.unary('HardSigmoid', x, { alpha: { float: 3.4e38 }, beta: { float: 0 } });
    const gate = g.add(g.mul(step, g.affine(alpha, -1, 1)), alpha);
    const y = g.mul(x, gate);
    g.alone(y, (h) => {
      if (h.portable) return prelu(h, x, alpha);
      const negative = h.node('Clip', [x, undefined, h.scalar(0)], x.shape);
      return h.add(x, h.mul(negative, h.affine(alpha, 1, -1)));
    });
    return [y, gate];
  },
  /** Over the last axis: unit·scale + offset, unit = (x - mean)·inverse and inverse = 1 / deviation. */
  LayerNorm: (g, { x, scale, offset }, { epsilon }: { epsilon: number }) => {
    const attributes = { axis: -1, epsilon: { float: epsilon } };
    const rows = [...x.shape.slice(0, -1), 1];
    const inputs = [x, scale!, offset!];
    const [y, mean, inverse] = g.multiple('LayerNormalization', inputs, [x.shape, rows, rows], {
      attributes,
    });
    g.alone(y!, (h) => h.node('LayerNormalization', inputs, x.shape, { attributes }));
    return [y!, g.mul(g.sub(x, mean!), inverse!), inverse!];
  },
  /** The variable and the two moments after a step; what changes from step to step is a tensor. */
  AdamStep: (g, { x, m, v, dy, rate, epsilon }, { beta1, beta2 }: AdamAttrs) => {
    const first = g.add(g.mul(m!, g.scalar(beta1)), g.mul(dy, g.scalar(1 - beta1)));
    const second = g.add(g.mul(v!, g.scalar(beta2)), g.mul(g.mul(dy, dy), g.scalar(1 - beta2)));
    const root = g.add(g.unary('Sqrt', second), epsilon!);
    return [g.sub(x, g.div(g.mul(first, rate!), root)), first, second];
  },
};
