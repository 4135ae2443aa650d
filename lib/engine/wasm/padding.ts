import type * as tf from '@tensorflow/tfjs-core';

export type Padding = 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;

export interface PaddedAttrs {
  strides: [number, number] | number;
  dilations?: [number, number] | number | null;
  pad: Padding;
}

/**
 * The zeros on each side of each axis of an NHWC input, spelled out.
 *
 * `same` is TensorFlow's: ceil(input / stride) outputs, the odd zero at the end.
 */
export function explicitPadding(
  inputShape: number[],
  filterShape: number[],
  attrs: PaddedAttrs,
): tf.backend_util.ExplicitPadding {
  if (typeof attrs.pad === 'object') return attrs.pad;
  const sides = [0, 1].map((axis) => {
    const stride = pair(attrs.strides)[axis]!;
    const reach = (filterShape[axis]! - 1) * pair(attrs.dilations ?? 1)[axis]! + 1;
    return onAxis(attrs.pad as 'valid' | 'same' | number, inputShape[axis + 1]!, reach, stride);
  }) as [[number, number], [number, number]];
  return [[0, 0], ...sides, [0, 0]];
}

function onAxis(
  pad: 'valid' | 'same' | number,
  input: number,
  reach: number,
  stride: number,
): [number, number] {
  if (typeof pad === 'number') return [pad, pad];
  if (pad === 'valid') return [0, 0];
  const total = Math.max(0, (Math.ceil(input / stride) - 1) * stride + reach - input);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

function pair(value: [number, number] | number): [number, number] {
  return typeof value === 'number' ? [value, value] : value;
}

/**
 * Wraps a stock convolution kernel so that it always gets explicit padding. The stock kernels return
 * garbage, or write outside their memory, for `same` where the stride exceeds the filter's reach, and for
 * a number where filter or strides are not square.
 */
export function spellOutPadding(stock: tf.KernelFunc): tf.KernelFunc {
  return ({ inputs, backend, attrs }) => {
    const pad = explicitPadding(inputs.x!.shape, inputs.filter!.shape, attrs as unknown as PaddedAttrs);
    return stock({ inputs, backend, attrs: { ...attrs, pad } as unknown as tf.NamedAttrMap });
  };
}
