import { type Builder, broadcast, type Sym } from '../builder.js';
import type { ElementType } from '../model.js';
import type { Lowering, Lowerings } from './lowering.js';

const order: ElementType[] = ['bool', 'int32', 'int64', 'float32', 'float64'];

/** Two operands in the wider of their types, and at least integers: ONNX does not count with bool. */
function promote(g: Builder, a: Sym, b: Sym): [Sym, Sym] {
  const type = order[Math.max(order.indexOf(a.type), order.indexOf(b.type), 1)]!;
  return [g.cast(a, type), g.cast(b, type)];
}

const arithmetic =
  (f: (g: Builder, a: Sym, b: Sym) => Sym): Lowering =>
  (g, { a, b }) =>
    f(g, ...promote(g, a, b));

const operator = (op: string): Lowering => arithmetic((g, a, b) => g.binary(op, a, b));

const comparison =
  (op: string): Lowering =>
  (g, { a, b }) =>
    g.compare(op, ...promote(g, a, b));

const logical =
  (op: string): Lowering =>
  (g, { a, b }) =>
    g.compare(op, g.cast(a, 'bool'), g.cast(b, 'bool'));

/** Integers go through doubles: exact, and a division by zero is no trap of the processor. */
function throughDoubles(f: (g: Builder, a: Sym, b: Sym) => Sym): Lowering {
  return arithmetic((g, a, b) => {
    if (a.type !== 'int32') return f(g, a, b);
    const result = f(g, g.cast(a, 'float64'), g.cast(b, 'float64'));
    const finite = g.binary('Less', g.unary('Abs', result), g.scalar(2 ** 53, 'float64'), 'bool');
    return g.cast(g.where(finite, result, g.scalar(0, 'float64')), 'int32');
  });
}

/** Remainder with the sign of the divisor. */
function floorMod(g: Builder, a: Sym, b: Sym): Sym {
  const zero = g.scalar(0, a.type);
  const fmod = (x: Sym, y: Sym) =>
    g.node('Mod', [x, y], broadcast(x.shape, y.shape), { attributes: { fmod: 1 } });
  const negative = (x: Sym) => g.compare('Less', x, zero);
  const rest = fmod(a, b);
  const sameSign = g.unary('Not', g.compare('Xor', negative(a), negative(b)));
  return g.where(sameSign, rest, fmod(g.add(rest, b), b));
}

function atan2(g: Builder, y: Sym, x: Sym): Sym {
  const zero = g.scalar(0);
  const base = g.unary('Atan', g.div(y, x));
  const turned = g.where(
    g.compare('GreaterOrEqual', y, zero),
    g.add(base, g.scalar(Math.PI)),
    g.sub(base, g.scalar(Math.PI)),
  );
  const angle = g.where(g.compare('Less', x, zero), turned, base);
  const origin = g.compare('And', g.compare('Equal', x, zero), g.compare('Equal', y, zero));
  return g.where(origin, zero, angle);
}

export const binary: Lowerings = {
  Add: operator('Add'),
  Sub: operator('Sub'),
  Multiply: operator('Mul'),
  RealDiv: throughDoubles((g, a, b) => g.div(a, b)),
  FloorDiv: throughDoubles((g, a, b) => g.unary('Floor', g.div(a, b))),
  Mod: throughDoubles(floorMod),
  Pow: operator('Pow'),
  Maximum: operator('Max'),
  Minimum: operator('Min'),
  SquaredDifference: arithmetic((g, a, b) => {
    const difference = g.sub(a, b);
    return g.mul(difference, difference);
  }),
  Atan2: arithmetic(atan2),
  BitwiseAnd: operator('BitwiseAnd'),
  Equal: comparison('Equal'),
  NotEqual: (g, { a, b }) => g.unary('Not', g.compare('Equal', ...promote(g, a, b))),
  Greater: comparison('Greater'),
  GreaterEqual: comparison('GreaterOrEqual'),
  Less: comparison('Less'),
  LessEqual: comparison('LessOrEqual'),
  LogicalAnd: logical('And'),
  LogicalOr: logical('Or'),
  Select: (g, { condition, t, e }) => {
    const [yes, no] = t.type === e.type ? [t, e] : promote(g, t, e);
    return g.where(g.cast(condition, 'bool'), yes, no);
  },
  AddN: (g, { list }) => list.slice(1).reduce((sum, x) => g.add(sum, x), list[0]!),
};
