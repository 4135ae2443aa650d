import * as tf from '@tensorflow/tfjs-core';
import type { Builder, Sym } from '../builder.js';
import type { Attributes } from '../model.js';
import type { Lowering, Lowerings } from './lowering.js';

/** A function of floats; integers go through floats and back, as on the plain engine. */
function real(f: (g: Builder, x: Sym, attrs: never) => Sym): Lowering {
  return (g, { x }, attrs) => g.cast(f(g, g.cast(x, 'float32'), attrs), x.type);
}

const operator = (op: string, attributes: Attributes = {}): Lowering =>
  real((g, x) => g.unary(op, x, attributes));

/** Of integers too, a float. */
const toFloat =
  (f: (g: Builder, x: Sym) => Sym): Lowering =>
  (g, { x }) =>
    f(g, g.cast(x, 'float32'));

/** For operators that ONNX Runtime has for integers too. */
const exact =
  (op: string): Lowering =>
  (g, { x }) =>
    g.cast(g.unary(op, x.type === 'bool' ? g.cast(x, 'int32') : x), x.type);

const test =
  (f: (g: Builder, x: Sym) => Sym): Lowering =>
  (g, { x }) =>
    f(g, g.cast(x, 'float32'));

const predicate = (g: Builder, op: string, x: Sym): Sym => g.node(op, [x], x.shape, { type: 'bool' });

/** A form of a function that keeps its digits near zero, and the plain form elsewhere. */
function nearZero(g: Builder, x: Sym, near: Sym, far: Sym): Sym {
  return g.where(g.compare('Less', g.unary('Abs', x), g.scalar(0.5)), near, far);
}

/** exp(x) - 1 = 2t / (1 - t) with t = tanh(x/2). */
export function expm1(g: Builder, x: Sym): Sym {
  const one = g.scalar(1);
  const t = g.unary('Tanh', g.mul(x, g.scalar(0.5)));
  const near = g.div(g.mul(g.scalar(2), t), g.sub(one, t));
  return nearZero(g, x, near, g.sub(g.unary('Exp', x), one));
}

/** log(1 + x) = 2 artanh(x / (2 + x)). */
function log1p(g: Builder, x: Sym): Sym {
  const two = g.scalar(2);
  const near = g.mul(two, g.unary('Atanh', g.div(x, g.add(x, two))));
  return nearZero(g, x, near, g.unary('Log', g.add(x, g.scalar(1))));
}

/** ONNX Runtime's PRelu branches on every value, and mispredicts: three to five times slower. */
export function prelu(g: Builder, x: Sym, slope: Sym): Sym {
  return g.sub(g.unary('Relu', x), g.mul(g.unary('Relu', g.unary('Neg', x)), slope));
}

export const unary: Lowerings = {
  Abs: exact('Abs'),
  Acos: operator('Acos'),
  Acosh: operator('Acosh'),
  Asin: operator('Asin'),
  Asinh: operator('Asinh'),
  Atan: operator('Atan'),
  Atanh: operator('Atanh'),
  Ceil: operator('Ceil'),
  Cos: operator('Cos'),
  Cosh: operator('Cosh'),
  Elu: operator('Elu'),
  Erf: operator('Erf'),
  Exp: toFloat((g, x) => g.unary('Exp', x)),
  Expm1: toFloat(expm1),
  Floor: operator('Floor'),
  IsFinite: test((g, x) =>
    g.unary('Not', g.compare('Or', predicate(g, 'IsNaN', x), predicate(g, 'IsInf', x))),
  ),
  IsInf: test((g, x) => predicate(g, 'IsInf', x)),
  IsNan: test((g, x) => predicate(g, 'IsNaN', x)),
  LeakyRelu: (g, { x }, { alpha }: { alpha: number }) =>
    g.unary('LeakyRelu', g.cast(x, 'float32'), { alpha: { float: alpha } }),
  Log: operator('Log'),
  Log1p: real(log1p),
  LogicalNot: (g, { x }) => g.unary('Not', g.cast(x, 'bool')),
  Neg: exact('Neg'),
  Reciprocal: operator('Reciprocal'),
  Relu: operator('Relu'),
  Relu6: real((g, x) => g.node('Min', [g.unary('Relu', x), g.scalar(6)], x.shape)),
  Round: operator('Round'),
  Rsqrt: real((g, x) => g.unary('Reciprocal', g.unary('Sqrt', x))),
  Selu: operator('Selu', {
    alpha: { float: tf.backend_util.SELU_SCALEALPHA / tf.backend_util.SELU_SCALE },
    gamma: { float: tf.backend_util.SELU_SCALE },
  }),
  Sigmoid: operator('Sigmoid'),
  Sign: real((g, x) => g.where(predicate(g, 'IsNaN', x), g.scalar(0), g.unary('Sign', x))),
  Sin: operator('Sin'),
  Sinh: operator('Sinh'),
  Softplus: operator('Softplus'),
  Sqrt: operator('Sqrt'),
  Square: (g, { x }) => g.mul(x, x),
  Step: real((g, x, { alpha }: { alpha: number }) => {
    // One pass over the values in place of four; only numbers below 3e-39 fall between 0 and 1.
    if (alpha === 0) return g.unary('HardSigmoid', x, { alpha: { float: 3.4e38 }, beta: { float: 0 } });
    const side = g.where(g.compare('Greater', x, g.scalar(0)), g.scalar(1), g.scalar(alpha));
    return g.where(predicate(g, 'IsNaN', x), x, side);
  }),
  Tan: operator('Tan'),
  Tanh: operator('Tanh'),
  ClipByValue: real((g, x, { clipValueMin, clipValueMax }: { clipValueMin: number; clipValueMax: number }) =>
    g.node('Clip', [x, g.scalar(clipValueMin), g.scalar(clipValueMax)], x.shape),
  ),
  Prelu: (g, { x, alpha }) => prelu(g, g.cast(x, 'float32'), g.cast(alpha, 'float32')),
  EluGrad: (g, { dy, y }) => {
    const one = g.scalar(1);
    return g.where(g.compare('GreaterOrEqual', y, g.scalar(0)), dy, g.mul(dy, g.add(y, one)));
  },
  Cast: (g, { x }, { dtype }: { dtype: 'float32' | 'int32' | 'bool' }) => toType(g, x, dtype),
};

/** As tfjs converts: towards zero; what is no number becomes 0. */
function toType(g: Builder, x: Sym, type: 'float32' | 'int32' | 'bool'): Sym {
  if (x.type !== 'float32' || type !== 'int32') return g.cast(x, type);
  return g.cast(g.where(predicate(g, 'IsNaN', x), g.scalar(0), x), type);
}
