import * as tf from '@tensorflow/tfjs-core';

type Strides = number | number[];
type Pad = tf.backend_util.ExplicitPadding | number | 'same' | 'valid';

const run = (kernel: string, inputs: Record<string, tf.Tensor>, attrs: Record<string, unknown>): tf.Tensor =>
  tf.engine().runKernel(kernel, inputs, attrs as tf.NamedAttrMap);

/** Gradient of a 2-D convolution by its filter. `dilations` is an addition: stock kernels take only 1. */
function conv2DBackpropFilter(
  x: tf.Tensor,
  dy: tf.Tensor,
  filterShape: number[],
  strides: Strides,
  pad: Pad,
  dataFormat = 'NHWC',
  dimRoundingMode?: string,
): tf.Tensor {
  return run('Conv2DBackpropFilter', { x, dy }, { strides, pad, dataFormat, dimRoundingMode, filterShape });
}

function conv2DBackpropInput(
  inputShape: number[],
  dy: tf.Tensor,
  filter: tf.Tensor,
  strides: Strides,
  pad: Pad,
  dataFormat = 'NHWC',
  dimRoundingMode?: string,
): tf.Tensor {
  return run(
    'Conv2DBackpropInput',
    { dy, filter },
    { strides, pad, dataFormat, dimRoundingMode, inputShape },
  );
}

function conv3DBackpropFilter(
  x: tf.Tensor,
  dy: tf.Tensor,
  filterShape: number[],
  strides: Strides,
  pad: Pad,
): tf.Tensor {
  return run('Conv3DBackpropFilterV2', { x, dy }, { strides, pad, filterShape });
}

function conv3DBackpropInput(
  inputShape: number[],
  dy: tf.Tensor,
  filter: tf.Tensor,
  strides: Strides,
  pad: Pad,
): tf.Tensor {
  return run('Conv3DBackpropInputV2', { dy, filter }, { strides, pad, inputShape });
}

function depthwiseConv2dNativeBackpropFilter(
  x: tf.Tensor,
  dy: tf.Tensor,
  filterShape: number[],
  strides: Strides,
  pad: Pad,
  dilations: Strides = [1, 1],
  dimRoundingMode?: string,
): tf.Tensor {
  const attrs = { strides, pad, dimRoundingMode, dilations, filterShape };
  return run('DepthwiseConv2dNativeBackpropFilter', { x, dy }, attrs);
}

function depthwiseConv2dNativeBackpropInput(
  inputShape: number[],
  dy: tf.Tensor,
  filter: tf.Tensor,
  strides: Strides,
  pad: Pad,
  dilations: Strides = [1, 1],
  dimRoundingMode?: string,
): tf.Tensor {
  const attrs = { strides, pad, dimRoundingMode, dilations, inputShape };
  return run('DepthwiseConv2dNativeBackpropInput', { dy, filter }, attrs);
}

const averagePool =
  (kernel: string) =>
  (
    dy: tf.Tensor,
    input: tf.Tensor,
    filterSize: Strides,
    strides: Strides,
    pad: Pad,
    dimRoundingMode?: string,
  ) =>
    run(kernel, { dy, input }, { filterSize, strides, pad, dimRoundingMode });

const maximumPool =
  (kernel: string) =>
  (
    dy: tf.Tensor,
    input: tf.Tensor,
    output: tf.Tensor,
    filterSize: Strides,
    strides: Strides,
    pad: Pad,
    dimRoundingMode?: string,
  ) =>
    run(kernel, { dy, input, output }, { filterSize, strides, pad, dimRoundingMode });

function localResponseNormalizationBackprop(
  x: tf.Tensor,
  y: tf.Tensor,
  dy: tf.Tensor,
  depthRadius = 5,
  bias = 1,
  alpha = 1,
  beta = 0.5,
): tf.Tensor {
  return run('LRNGrad', { x, y, dy }, { depthRadius, bias, alpha, beta });
}

/**
 * The operations that tfjs-core's gradients call and that its index does not export. Each runs one
 * kernel on rank-4 (or rank-5) tensors, which is all that gradients hand them.
 */
export const internalOps: Record<string, unknown> = {
  conv2DBackpropFilter,
  conv2DBackpropInput,
  conv3DBackpropFilter,
  conv3DBackpropInput,
  depthwiseConv2dNativeBackpropFilter,
  depthwiseConv2dNativeBackpropInput,
  avgPoolGrad: averagePool('AvgPoolGrad'),
  avgPool3dGrad: averagePool('AvgPool3DGrad'),
  maxPoolGrad: maximumPool('MaxPoolGrad'),
  maxPool3dGrad: maximumPool('MaxPool3DGrad'),
  localResponseNormalizationBackprop,
};
