import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { disagreement, pattern } from '../testing.js';
import { lowerings } from './install.js';
import { fused } from './kernels/fused.js';

/** Inputs and attributes of one call of a kernel. */
type Call = [inputs: Record<string, tf.Tensor> | tf.Tensor[], attrs?: object];

const x = (shape = [3, 4], seed = 1) => pattern(shape, seed);
/** Values from 0.1 to 0.9. */
const unit = (shape = [3, 4]) => tf.add(tf.mul(tf.sigmoid(x(shape)), 0.8), 0.1);
const positive = (shape = [3, 4]) => tf.add(tf.square(x(shape)), 0.1);
const int = (values: number[], shape = [values.length]) => tf.tensor(values, shape, 'int32');
const bool = (values: number[], shape = [values.length]) => tf.tensor(values, shape, 'bool');
const broken = () => tf.tensor2d([1, Number.NaN, -3, Number.POSITIVE_INFINITY, 0, -0.5], [2, 3]);

const one = (...inputs: tf.Tensor[]): Call[] => inputs.map((input) => [{ x: input }]);
const real = (): Call[] => one(x());
/** Two tensors that broadcast, floats and then integers of both signs. */
const two = (): Call[] => [
  [{ a: x([2, 3, 4]), b: x([3, 1], 2) }],
  [{ a: int([7, -7, 7, -7, 0, 5]), b: int([2, 2, -2, -2, 3, 5]) }],
];
const compared = (): Call[] => [...two(), [{ a: bool([1, 0, 1]), b: bool([1, 1, 0]) }]];
const logic = (): Call[] => [[{ a: bool([0, 0, 1, 1]), b: bool([0, 1, 0, 1]) }]];
const reduced = (attrs: object = {}): Call[] => [
  [{ x: x([2, 3, 4]) }, { axis: [0, 2], keepDims: false, ...attrs }],
  [{ x: x([2, 3, 4]) }, { axis: 1, keepDims: true, ...attrs }],
];

const window = { strides: [2, 1], pad: 'same', dataFormat: 'NHWC', dilations: [1, 1] };
const pooled = { filterSize: [3, 2], strides: [2, 1], pad: 'same' };
const tiles = { filterSize: [2, 2], strides: [2, 2], pad: 'valid' };
const space = { filterSize: [2, 2, 2], strides: [2, 2, 2], pad: 'same' };
const image = () => x([2, 5, 6, 3]);
const volume = () => x([1, 4, 5, 3, 2]);
const resized = [
  { alignCorners: false, halfPixelCenters: false },
  { alignCorners: true, halfPixelCenters: false },
  { alignCorners: false, halfPixelCenters: true },
].flatMap((mode) => [
  { ...mode, size: [7, 9] },
  { ...mode, size: [3, 2] },
]);
const bordered = (mode: string): Call => [
  { x: x([3, 4, 2]) },
  {
    paddings: [
      [1, 2],
      [0, 1],
      [0, 0],
    ],
    mode,
  },
];
const strided = {
  begin: [3, 0, 1],
  end: [0, 0, 4],
  strides: [-2, 1, 2],
  beginMask: 0,
  endMask: 2,
  ellipsisMask: 0,
  newAxisMask: 0,
  shrinkAxisMask: 0,
};

const calls: Record<string, () => Call[]> = {
  Abs: () => one(x(), int([-2, 3])),
  Acos: () => one(unit()),
  Acosh: () => one(tf.add(positive(), 1)),
  Asin: () => one(unit()),
  Asinh: real,
  Atan: real,
  Atanh: () => one(unit()),
  Ceil: real,
  Cos: real,
  Cosh: real,
  Elu: real,
  Erf: real,
  Exp: real,
  Expm1: () => one(x(), tf.mul(x(), 1e-6)),
  Floor: real,
  IsFinite: () => one(broken()),
  IsInf: () => one(broken()),
  IsNan: () => one(broken()),
  LeakyRelu: () => [[{ x: x() }, { alpha: 0.3 }]],
  Log: () => one(positive()),
  Log1p: () => one(positive(), tf.mul(x(), 1e-6)),
  LogicalNot: () => one(bool([0, 1])),
  Neg: () => one(x(), int([-2, 3])),
  Reciprocal: () => one(positive()),
  Relu: real,
  Relu6: () => one(tf.mul(x(), 8)),
  Round: () => one(tf.tensor1d([0.5, 1.5, 2.5, -0.5, -1.4])),
  Rsqrt: () => one(positive()),
  Selu: real,
  Sigmoid: real,
  Sign: () => one(x(), broken(), int([-2, 0, 3])),
  Sin: real,
  Sinh: real,
  Softplus: real,
  Sqrt: () => one(positive()),
  Square: () => one(x(), int([-2, 3])),
  Step: () => [
    [{ x: x() }, { alpha: 0.25 }],
    [{ x: broken() }, { alpha: 0 }],
  ],
  Tan: () => one(unit()),
  Tanh: real,
  ClipByValue: () => [
    [{ x: x() }, { clipValueMin: -0.5, clipValueMax: 0.7 }],
    [{ x: x() }, { clipValueMin: 0, clipValueMax: Number.POSITIVE_INFINITY }],
  ],
  Prelu: () => [[{ x: x(), alpha: x([4], 2) }]],
  EluGrad: () => [[{ dy: x(), y: x([3, 4], 2) }]],
  Cast: () => [
    [{ x: tf.tensor1d([1.9, -1.9, 0, Number.NaN]) }, { dtype: 'int32' }],
    [{ x: x() }, { dtype: 'bool' }],
    [{ x: bool([1, 0]) }, { dtype: 'float32' }],
  ],
  Add: compared,
  Sub: two,
  Multiply: two,
  RealDiv: () => two().slice(0, 1),
  FloorDiv: () => [...two(), [{ a: int([1, -1, 0]), b: int([0, 0, 0]) }]],
  Mod: two,
  Pow: () => [[{ a: positive(), b: x([4], 2) }], [{ a: int([2, -3, 5]), b: int([3, 2, 0]) }]],
  Maximum: two,
  Minimum: two,
  SquaredDifference: two,
  Atan2: () => [
    [{ a: x(), b: x([3, 4], 2) }],
    [{ a: tf.tensor1d([0, 0, 1, -1, 0]), b: tf.tensor1d([1, -1, 0, 0, 0]) }],
  ],
  BitwiseAnd: () => [[{ a: int([12, 10]), b: int([10, 7]) }]],
  Equal: compared,
  NotEqual: compared,
  Greater: compared,
  GreaterEqual: compared,
  Less: compared,
  LessEqual: compared,
  LogicalAnd: logic,
  LogicalOr: logic,
  Select: () => [[{ condition: bool([1, 0, 1, 0], [2, 2]), t: x([2, 2]), e: x([2, 2], 2) }]],
  AddN: () => [[[x(), x([3, 4], 2), x([3, 4], 3)]]],
  Sum: () => [...reduced(), [{ x: bool([1, 1, 0]) }, { axis: 0 }]],
  Prod: () => reduced(),
  Max: () => [
    ...reduced({ reductionIndices: [1] }).slice(1),
    [{ x: broken() }, { reductionIndices: 1, keepDims: false }],
  ],
  Min: () => [...reduced(), [{ x: broken() }, { axis: 1, keepDims: false }]],
  Mean: () => reduced(),
  All: () => [[{ x: bool([1, 1, 0, 1], [2, 2]) }, { axis: 1, keepDims: false }]],
  Any: () => [[{ x: bool([0, 0, 0, 1], [2, 2]) }, { axis: 1, keepDims: true }]],
  ArgMax: () => [
    [{ x: x() }, { axis: [1] }],
    [{ x: broken() }, { axis: [1] }],
  ],
  ArgMin: () => [
    [{ x: x() }, { axis: [0] }],
    [{ x: broken() }, { axis: [1] }],
  ],
  Softmax: () => [[{ logits: x() }, { dim: 1 }]],
  Cumsum: () => [
    [{ x: x() }, { axis: 1, exclusive: false, reverse: false }],
    [{ x: x() }, { axis: 1, exclusive: true, reverse: true }],
  ],
  TopK: () => [
    [{ x: x() }, { k: 2, sorted: true }],
    [{ x: int([3, 1, 3, 2]) }, { k: 3, sorted: false }],
  ],
  Identity: real,
  Transpose: () => [[{ x: x([2, 3, 4]) }, { perm: [2, 0, 1] }]],
  Slice: () => [[{ x: x() }, { begin: [1, 1], size: [2, -1] }]],
  StridedSlice: () => [[{ x: x([4, 3, 5]) }, strided]],
  Concat: () => [[[x([2, 3]), x([2, 1], 2)], { axis: 1 }]],
  Pack: () => [[[x(), x([3, 4], 2)], { axis: 1 }]],
  Unpack: () => [[{ value: x() }, { axis: 1 }]],
  SplitV: () => [
    [{ x: x() }, { numOrSizeSplits: [1, 3], axis: 1 }],
    [{ x: x() }, { numOrSizeSplits: 2, axis: -1 }],
  ],
  PadV2: () => [
    [
      { x: x() },
      {
        paddings: [
          [1, 0],
          [2, 3],
        ],
        constantValue: 0.5,
      },
    ],
  ],
  MirrorPad: () => [bordered('reflect'), bordered('symmetric')],
  Tile: () => [[{ x: x() }, { reps: [2, 3] }]],
  Reverse: () => [[{ x: x([2, 3, 4]) }, { dims: [0, 2] }]],
  FlipLeftRight: () => [[{ image: image() }]],
  ZerosLike: () => one(x(), int([1, 2])),
  OnesLike: () => one(x(), bool([0, 1])),
  BatchToSpaceND: () => [
    [
      { x: x([8, 2, 3, 2]) },
      {
        blockShape: [2, 2],
        crops: [
          [0, 1],
          [1, 0],
        ],
      },
    ],
  ],
  SpaceToBatchND: () => [
    [
      { x: x([2, 3, 3, 2]) },
      {
        blockShape: [2, 2],
        paddings: [
          [0, 1],
          [1, 0],
        ],
      },
    ],
  ],
  DepthToSpace: () => [[{ x: x([2, 3, 2, 8]) }, { blockSize: 2, dataFormat: 'NHWC' }]],
  BatchMatMul: () => [
    [
      { a: x([2, 3, 4]), b: x([2, 4, 5]) },
      { transposeA: false, transposeB: false },
    ],
    [
      { a: x([2, 4, 3]), b: x([1, 5, 4]) },
      { transposeA: true, transposeB: true },
    ],
  ],
  _FusedMatMul: () =>
    ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'].map((activation) => [
      { a: x([1, 3, 4]), b: x([1, 4, 5], 2), bias: x([5], 3), preluActivationWeights: x([5], 4) },
      { transposeA: false, transposeB: false, activation, leakyreluAlpha: 0.1 },
    ]),
  Einsum: () => [
    [[x([2, 3]), x([3, 4])], { equation: 'ij,jk->ik' }],
    [[x([2, 3, 4])], { equation: 'abc->cb' }],
  ],
  Conv2D: () => [
    [{ x: image(), filter: x([3, 2, 3, 4]) }, window],
    [
      { x: x([2, 3, 5, 6]), filter: x([3, 2, 3, 4]) },
      { ...window, pad: 'valid', dataFormat: 'NCHW' },
    ],
    [
      { x: image(), filter: x([1, 1, 3, 4]) },
      { ...window, strides: 1 },
    ],
    [
      { x: x([1, 6, 6, 18]), filter: x([3, 3, 18, 33]) },
      { ...window, strides: 1, dilations: 2 },
    ],
  ],
  Conv3D: () => [
    [
      { x: volume(), filter: x([2, 3, 2, 2, 3]) },
      { strides: [1, 2, 1], pad: 'same', dataFormat: 'NDHWC', dilations: [1, 1, 1] },
    ],
  ],
  FusedConv2D: () => [
    [
      { x: image(), filter: x([3, 2, 3, 4]), bias: x([4], 3), preluActivationWeights: x([4], 4) },
      { ...window, activation: 'prelu' },
    ],
  ],
  DepthwiseConv2dNative: () => [
    [
      { x: image(), filter: x([3, 2, 3, 2]) },
      { ...window, strides: [2, 2] },
    ],
  ],
  FusedDepthwiseConv2D: () => [
    [
      { x: image(), filter: x([3, 2, 3, 1]), bias: x([3], 3) },
      { ...window, strides: [1, 1], activation: 'relu' },
    ],
  ],
  Conv2DBackpropInput: () => [
    [
      { dy: x([2, 3, 6, 4]), filter: x([3, 2, 3, 4]) },
      { ...window, inputShape: [2, 5, 6, 3] },
    ],
    [
      { dy: x([1, 2, 2, 16]), filter: x([2, 2, 17, 16]) },
      { ...window, strides: 3, pad: 'valid', inputShape: [1, 6, 7, 17] },
    ],
  ],
  Conv2DBackpropFilter: () => [
    [
      { x: image(), dy: x([2, 3, 6, 4]) },
      { ...window, filterShape: [3, 2, 3, 4] },
    ],
    [
      { x: x([17, 6, 7, 2]), dy: x([17, 2, 2, 3]) },
      { ...window, strides: 3, pad: 'valid', filterShape: [2, 2, 2, 3] },
    ],
  ],
  Conv3DBackpropInputV2: () => [
    [
      { dy: x([1, 2, 3, 2, 3]), filter: x([2, 2, 2, 2, 3]) },
      { strides: [2, 2, 2], pad: 'same', inputShape: [1, 4, 5, 3, 2] },
    ],
  ],
  Conv3DBackpropFilterV2: () => [
    [
      { x: volume(), dy: x([1, 2, 3, 2, 3]) },
      { strides: [2, 2, 2], pad: 'same', filterShape: [2, 2, 2, 2, 3] },
    ],
  ],
  DepthwiseConv2dNativeBackpropInput: () => [
    [
      { dy: x([2, 3, 3, 6]), filter: x([3, 2, 3, 2]) },
      { ...window, strides: [2, 2], inputShape: [2, 5, 6, 3] },
    ],
  ],
  DepthwiseConv2dNativeBackpropFilter: () => [
    [
      { x: image(), dy: x([2, 3, 3, 6]) },
      { ...window, strides: [2, 2], filterShape: [3, 2, 3, 2] },
    ],
  ],
  AvgPool: () => [[{ x: image() }, pooled]],
  MaxPool: () => [[{ x: image() }, pooled]],
  AvgPool3D: () => [[{ x: volume() }, { ...space, dataFormat: 'NDHWC' }]],
  MaxPool3D: () => [[{ x: volume() }, { ...space, dataFormat: 'NDHWC' }]],
  AvgPoolGrad: () => [
    [{ dy: x([2, 3, 6, 3]), input: image() }, pooled],
    [{ dy: x([2, 2, 3, 3]), input: x([2, 4, 6, 3]) }, tiles],
  ],
  MaxPoolGrad: () => [[{ dy: x([2, 3, 6, 3]), input: image(), output: x([2, 3, 6, 3]) }, pooled]],
  AvgPool3DGrad: () => [[{ dy: x([1, 2, 3, 2, 2]), input: volume() }, space]],
  MaxPool3DGrad: () => [[{ dy: x([1, 2, 3, 2, 2]), input: volume(), output: x([1, 2, 3, 2, 2]) }, space]],
  LRN: () => [[{ x: x([1, 2, 2, 7]) }, { depthRadius: 2, bias: 1.1, alpha: 0.4, beta: 0.6 }]],
  FusedBatchNorm: () => [
    [
      { x: image(), mean: x([3]), variance: positive([3]), scale: x([3], 2), offset: x([3], 3) },
      { varianceEpsilon: 1e-3 },
    ],
    [{ x: image(), mean: x([3]), variance: positive([3]) }, { varianceEpsilon: 1e-3 }],
  ],
  GatherV2: () => [
    [
      { x: x([3, 4, 2]), indices: int([2, 0, 0, 1], [2, 2]) },
      { axis: 1, batchDims: 0 },
    ],
    [
      { x: x([2, 3, 4, 2]), indices: int([2, 0, 0, 3], [2, 2]) },
      { axis: 2, batchDims: 1 },
    ],
  ],
  GatherNd: () => [[{ params: x([3, 4, 2]), indices: int([2, 0, 0, 3], [2, 2]) }]],
  ScatterNd: () => [[{ indices: int([1, 3, 1], [3, 1]), updates: x([3, 2]) }, { shape: [4, 2] }]],
  TensorScatterUpdate: () => [[{ tensor: x([4, 2]), indices: int([1, 3], [2, 1]), updates: x([2, 2], 2) }]],
  UnsortedSegmentSum: () => [[{ x: x([4, 2]), segmentIds: int([1, 0, 1, -1]) }, { numSegments: 3 }]],
  OneHot: () => [[{ indices: int([2, 0, -1, 5]) }, { depth: 3, onValue: 2, offValue: -1, dtype: 'float32' }]],
  ResizeBilinear: () => resized.map((attrs) => [{ images: image() }, attrs]),
  ResizeNearestNeighbor: () => resized.map((attrs) => [{ images: image() }, attrs]),
  ResizeBilinearGrad: () =>
    resized.slice(0, 4).map((attrs) => [{ images: image(), dy: x([2, ...attrs.size, 3], 2) }, attrs]),
  // One image: the plain engine mixes up the images of a batch.
  ResizeNearestNeighborGrad: () =>
    resized.slice(0, 4).map((attrs) => [{ images: x([1, 5, 6, 3]), dy: x([1, ...attrs.size, 3], 2) }, attrs]),
};

describe('every lowered kernel on onnx: what the plain engine computes', () => {
  it('has a case for each', () => {
    const known = Object.keys(lowerings).filter((kernel) => !(kernel in fused));
    expect(Object.keys(calls).sort()).toEqual(known.sort());
  });

  for (const [kernel, cases] of Object.entries(calls)) {
    it(kernel, async () => {
      const compute = () =>
        cases().flatMap(([inputs, attrs]) => {
          const result = tf
            .engine()
            .runKernel(kernel, inputs as tf.NamedTensorMap, (attrs ?? {}) as tf.NamedAttrMap);
          return result as tf.Tensor | tf.Tensor[];
        });
      expect(await disagreement('onnx', compute)).toBeLessThan(1e-4);
    });
  }

  it('BroadcastTo and Fill, which the plain engine has under other names', async () => {
    const compute = () => [
      tf.broadcastTo(x([3, 1]), [2, 3, 4]),
      tf.fill([2, 3], 1.5),
      tf.fill([2], 7, 'int32'),
    ];
    expect(await disagreement('onnx', compute)).toBeLessThan(1e-6);
  });
});
