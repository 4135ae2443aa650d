import * as tf from '@tensorflow/tfjs-core';

const run = (kernel: string, inputs: tf.NamedTensorMap, attrs: tf.NamedAttrMap): tf.Tensor =>
  tf.engine().runKernel(kernel, inputs, attrs);

/**
 * Gradients that tfjs-core lacks or has in a slow form; they take the place of its own.
 *
 * - Conv2D: with dilations too (on the wasm and onnx engines; elsewhere an error, as in tfjs-core).
 * - Relu: from its result, so that nobody reads its argument and a convolution can apply it.
 * - Prelu: without comparisons and selections, which are slow on wasm.
 * - BatchMatMul: where one operand is broadcast over the batch, too.
 * - DepthToSpace and comparisons: absent from tfjs-core. A comparison counts as a constant.
 */
export function registerExtraGradients(): void {
  for (const config of [conv2d, relu, prelu, batchMatMul, depthToSpace, ...comparisons]) {
    if (tf.getGradient(config.kernelName)) tf.unregisterGradient(config.kernelName);
    tf.registerGradient(config);
  }
}

/** The backends whose kernels of the convolution gradients take dilations. */
const dilating = ['wasm', 'onnx'];

const conv2d: tf.GradConfig = {
  kernelName: 'Conv2D',
  inputsToSave: ['x', 'filter'],
  gradFunc: (dy, saved, attrs) => {
    const [x, filter] = saved as [tf.Tensor, tf.Tensor];
    const { dilations } = attrs as unknown as { dilations: number | [number, number] };
    if (!tf.backend_util.tupleValuesAreOne(dilations) && !dilating.includes(tf.getBackend())) {
      throw new Error(
        `conv2d with dilations ${dilations} has a gradient on the engines ${dilating.join(' and ')} only`,
      );
    }
    return {
      x: () => run('Conv2DBackpropInput', { dy: dy as tf.Tensor, filter }, { ...attrs, inputShape: x.shape }),
      filter: () =>
        run('Conv2DBackpropFilter', { x, dy: dy as tf.Tensor }, { ...attrs, filterShape: filter.shape }),
    };
  },
};

const relu: tf.GradConfig = {
  kernelName: 'Relu',
  outputsToSave: [true],
  gradFunc: (dy, [y]) => ({ x: () => tf.mul(dy as tf.Tensor, tf.step(y!)) }),
};

const prelu: tf.GradConfig = {
  kernelName: 'Prelu',
  inputsToSave: ['x', 'alpha'],
  gradFunc: (dy, saved) => {
    const [x, alpha] = saved as [tf.Tensor, tf.Tensor];
    const upstream = dy as tf.Tensor;
    return {
      x: () => tf.mul(upstream, tf.add(alpha, tf.mul(tf.step(x), tf.sub(1, alpha)))),
      alpha: () => {
        const perElement = tf.mul(upstream, tf.sub(x, tf.relu(x)));
        const axes = tf.broadcast_util.getReductionAxes(alpha.shape, upstream.shape);
        return tf.reshape(axes.length > 0 ? tf.sum(perElement, axes) : perElement, alpha.shape);
      },
    };
  },
};

const depthToSpace: tf.GradConfig = {
  kernelName: 'DepthToSpace',
  gradFunc: (dy, _saved, attrs) => {
    const { blockSize: s, dataFormat } = attrs as unknown as { blockSize: number; dataFormat: string };
    if (dataFormat !== 'NHWC')
      throw new Error(`depthToSpace has a gradient for NHWC only, not ${dataFormat}`);
    const [n, h, w, c] = (dy as tf.Tensor).shape as [number, number, number, number];
    return {
      x: () => {
        const rows = tf.reshape(dy as tf.Tensor, [(n * h) / s, s, w / s, s * c]);
        return tf.reshape(tf.transpose(rows, [0, 2, 1, 3]), [n, h / s, w / s, s * s * c]);
      },
    };
  },
};

const comparisons = ['Greater', 'GreaterEqual', 'Less', 'LessEqual', 'Equal', 'NotEqual'].map(
  (kernelName): tf.GradConfig => ({
    kernelName,
    inputsToSave: ['a', 'b'],
    gradFunc: (_dy, saved) => {
      const [a, b] = saved as [tf.Tensor, tf.Tensor];
      return { a: () => tf.zeros(a.shape), b: () => tf.zeros(b.shape) };
    },
  }),
);

const batchMatMul: tf.GradConfig = {
  kernelName: 'BatchMatMul',
  inputsToSave: ['a', 'b'],
  gradFunc: (dy, saved, attrs) => {
    const [a, b] = saved as [tf.Tensor, tf.Tensor];
    const { transposeA: ta, transposeB: tb } = attrs as unknown as {
      transposeA: boolean;
      transposeB: boolean;
    };
    const g = dy as tf.Tensor;
    return {
      a: () => sumTo(a.shape, ta ? tf.matMul(b, g, tb, true) : tf.matMul(g, b, false, !tb)),
      b: () => {
        if (isMatrix(b) && !ta) {
          const [tallA, tallG] = [tall(a), tall(g)];
          return tf.reshape(tb ? tf.matMul(tallG, tallA, true) : tf.matMul(tallA, tallG, true), b.shape);
        }
        return sumTo(b.shape, tb ? tf.matMul(g, a, true, ta) : tf.matMul(a, g, !ta, false));
      },
    };
  },
};

const isMatrix = (x: tf.Tensor): boolean => x.size === x.shape.at(-1)! * x.shape.at(-2)!;

/** All matrices of a batch, one below the other. */
const tall = (x: tf.Tensor): tf.Tensor => tf.reshape(x, [-1, x.shape.at(-1)!]);

/** Sums over the axes along which a tensor of `shape` was broadcast. */
function sumTo(shape: number[], x: tf.Tensor): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, x.shape);
  return axes.length > 0 ? tf.reshape(tf.sum(x, axes), shape) : x;
}
