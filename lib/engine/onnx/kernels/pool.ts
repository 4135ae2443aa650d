import { type Builder, type Sym, sizeOf } from '../builder.js';
import type { Attributes } from '../model.js';
import {
  after,
  filterSize,
  type Geometry,
  type PoolAttrs,
  pooling,
  spread,
  toFirst,
  toLast,
  windowAttributes,
} from './geometry.js';
import { type Lowering, type Lowerings, NotLowered } from './lowering.js';

/** ONNX Runtime does not pool windows that lie wholly in the padding. */
function poolAttributes(geometry: Geometry): Attributes {
  const isEmpty = geometry.axes.some((axis) => Math.max(axis.before, after(axis)) >= axis.filter);
  if (isEmpty) throw new NotLowered();
  return windowAttributes(geometry);
}

const outputsOf = ({ batch, inChannels, axes }: Geometry): number[] => [
  batch,
  inChannels,
  ...axes.map(({ output }) => output),
];

const pool =
  (op: string): Lowering =>
  (g, { x }, attrs: PoolAttrs) => {
    const geometry = pooling(x.shape, attrs);
    const y = g.node(op, [toFirst(g, x)], outputsOf(geometry), { attributes: poolAttributes(geometry) });
    return toLast(g, y);
  };

/** Each window hands its share to all its places. */
const averageGradient: Lowering = (g, { dy, input }, attrs: PoolAttrs) => {
  const geometry = pooling(input.shape, attrs);
  const share = g.mul(dy, g.scalar(1 / filterSize(geometry)));
  if (tilesExactly(geometry)) return repeat(g, share, geometry);
  const { batch, inChannels, axes } = geometry;
  const planes = g.reshape(toFirst(g, share), [batch * inChannels, 1, ...axes.map(({ output }) => output)]);
  const sides = axes.map(({ filter }) => filter);
  const ones = g.constant(new Float32Array(sizeOf(sides)).fill(1), [1, 1, ...sides], 'float32');
  const dx = spread(g, planes, ones, geometry, 1);
  return toLast(g, g.reshape(dx, [batch, inChannels, ...axes.map(({ input: side }) => side)]));
};

/** Whether the windows lie side by side and cover the input. */
const tilesExactly = ({ axes }: Geometry): boolean =>
  axes.every(
    (axis) =>
      axis.stride === axis.filter &&
      axis.dilation === 1 &&
      axis.before === 0 &&
      after(axis) === 0 &&
      axis.output * axis.stride === axis.input,
  );

function repeat(g: Builder, x: Sym, { axes, batch, inChannels }: Geometry): Sym {
  const apart = [batch, ...axes.flatMap(({ output }) => [output, 1]), inChannels];
  const wide = [batch, ...axes.flatMap(({ output, stride }) => [output, stride]), inChannels];
  return g.reshape(g.expand(g.reshape(x, apart), wide), [
    batch,
    ...axes.map(({ input }) => input),
    inChannels,
  ]);
}

/** Each window hands all to the first of its largest inputs, whose place MaxPool tells. */
const maximumGradient: Lowering = (g, { dy, input }, attrs: PoolAttrs) => {
  const geometry = pooling(input.shape, attrs);
  const x = toFirst(g, input);
  const shape = outputsOf(geometry);
  const [values, places] = [
    { type: x.type, shape },
    { type: 'int64' as const, shape },
  ];
  const attributes = poolAttributes(geometry);
  g.nodes.push({ op: 'MaxPool', domain: '', inputs: [x], outputs: [values, places], attributes });
  const zeros = g.expand(g.scalar(0), [sizeOf(x.shape)]);
  const flat = [sizeOf(shape)];
  const dx = g.node(
    'ScatterElements',
    [zeros, g.reshape(places, flat), g.reshape(toFirst(g, dy), flat)],
    zeros.shape,
    { attributes: { axis: 0, reduction: 'add' } },
  );
  return toLast(g, g.reshape(dx, x.shape));
};

interface ResponseAttrs {
  depthRadius: number;
  bias: number;
  alpha: number;
  beta: number;
}

export const pools: Lowerings = {
  AvgPool: pool('AveragePool'),
  AvgPool3D: pool('AveragePool'),
  MaxPool: pool('MaxPool'),
  MaxPool3D: pool('MaxPool'),
  AvgPoolGrad: averageGradient,
  AvgPool3DGrad: averageGradient,
  MaxPoolGrad: maximumGradient,
  MaxPool3DGrad: maximumGradient,
  LRN: (g, { x }, { depthRadius, bias, alpha, beta }: ResponseAttrs) => {
    const size = 2 * depthRadius + 1;
    const attributes = {
      size,
      bias: { float: bias },
      alpha: { float: alpha * size },
      beta: { float: beta },
    };
    return toLast(g, g.unary('LRN', toFirst(g, x), attributes));
  },
  FusedBatchNorm: (g, { x, mean, variance, scale, offset }, attrs: { varianceEpsilon: number }) => {
    const deviation = g.unary('Sqrt', g.add(variance, g.scalar(attrs.varianceEpsilon)));
    const gain = scale ? g.div(scale, deviation) : g.unary('Reciprocal', deviation);
    const y = g.mul(g.sub(x, mean), gain);
    return offset ? g.add(y, offset) : y;
  },
};
