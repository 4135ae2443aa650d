import { InputError, requireChoice, requireInteger } from '../../base/index.js';
import { encodeModel, type GraphProto, type ModelProto } from '../onnx/proto.js';
import { loadRuntime } from '../onnx/runtime.js';
import { calibrate } from './calibrate.js';
import { checkedModel } from './check.js';
import { Editing, tensorTypes } from './editing.js';
import { finishModel } from './finish.js';
import type { ModelTensor } from './open.js';
import { compact, optimise } from './optimise.js';
import { layersOf, Quantiser } from './quantiser.js';

export interface QuantiseOptions {
  /**
   * How the range of an activation is chosen: `mse` (default) for the least squared error of rounding and
   * clipping over the calibration set, `minmax` for all that was seen.
   */
  ranges?: 'mse' | 'minmax';
  /** Bits of the weights (default 8): 7 keep sums from saturating on x86 processors without VNNI. */
  weightBits?: 7 | 8;
  /** How many of the last convolutions and products stay in floats (default 0). */
  floatLast?: number;
}

/** A quantised model and what became of its layers. */
export interface QuantisedModel {
  model: Uint8Array;
  /** Convolutions and matrix products in 8 bits, and those left in floats. */
  quantised: number;
  floating: number;
  /** Weights in 8 bits, and values left in floats. */
  weights: number;
  floats: number;
  /** How many of each operator ONNX Runtime makes of the model on this machine: QLinearConv runs in 8 bits. */
  kernels: Readonly<Record<string, number>>;
}

/**
 * Static post-training quantisation of an ONNX model: weights of convolutions and matrix products become int8,
 * symmetric, with a scale for each output channel; their inputs, and the results of convolutions, uint8 with a
 * scale and zero point for each tensor, found on calibration inputs. Written as QuantizeLinear and
 * DequantizeLinear around standard operators, from which ONNX Runtime makes 8-bit kernels.
 * Transposed convolutions become forward ones first, since there are no 8-bit kernels for them. Metadata is kept.
 * @param calibration typical inputs of the model, by name; a few are enough
 * @throws InputError for a model that `openModel` refuses, no calibration inputs or ones that do not fit, values
 *   that are not finite, or a model with branches, of an operator set below 13 or without constant float weights.
 */
export function quantiseModel(
  model: Uint8Array,
  calibration: readonly Readonly<Record<string, ModelTensor>>[],
  options: QuantiseOptions = {},
): QuantisedModel {
  const { ranges: rule = 'mse', weightBits = 8, floatLast = 0 } = options;
  requireChoice('ranges', rule, ['mse', 'minmax']);
  requireChoice('weight bits', weightBits, [7, 8]);
  requireInteger('layers in floats', floatLast, 0);
  if (calibration.length === 0)
    throw new InputError('quantisation: 0 calibration inputs; allowed: 1 or more');
  const { metadata_props, opset_import, graph: given } = checkedModel(model, 'model');
  requireWritable(opset_import, given);
  const runtime = loadRuntime();
  const small = compact(runtime, model);
  const editing = new Editing(small.graph);
  const layers = layersOf(editing);
  if (layers.length === 0) {
    throw new InputError('quantisation: the model has no convolution or product with constant float weights');
  }
  const chosen = layers.slice(0, Math.max(0, layers.length - floatLast));
  const values = new Set(chosen.flatMap(({ input, output }) => (output ? [input, output] : [input])));
  const ranges = calibrate({ ...small, graph: editing.finish() }, [...values], calibration, rule);
  const quantiser = new Quantiser(editing, ranges, weightBits);
  for (const layer of chosen) quantiser.quantise(layer);
  const graph = editing.finish();
  const metadata = Object.fromEntries(metadata_props.map(({ key, value }) => [key, value ?? '']));
  const bytes = encodeModel(finishModel({ ...small, graph }, metadata));
  return {
    model: bytes,
    quantised: chosen.length,
    floating: layers.length - chosen.length,
    weights: valuesOf(graph, tensorTypes.int8),
    floats: valuesOf(graph, tensorTypes.float32),
    kernels: operatorsOf(optimise(runtime, bytes, 'all').graph),
  };
}

/** Per-channel scales are of operator set 13; and a branch could read values that are renamed here. */
function requireWritable(sets: ModelProto['opset_import'], { node }: GraphProto): void {
  const { version = 0 } = sets.find(({ domain }) => !domain) ?? {};
  if (version < 13) throw new InputError(`quantisation: operator set ${version}; allowed: 13 or more`);
  const branch = node.find(({ attribute }) => attribute.some(({ g }) => g));
  if (branch) throw new InputError(`quantisation: the operator ${branch.op_type}; allowed: no branches`);
}

/** How many values the constants of a type hold. */
function valuesOf({ initializer }: GraphProto, type: number): number {
  const sizes = initializer.map(({ data_type, dims }) =>
    data_type === type ? dims.reduce((a, b) => a * b, 1) : 0,
  );
  return sizes.reduce((a, b) => a + b, 0);
}

function operatorsOf({ node }: GraphProto): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { op_type } of node) counts[op_type] = (counts[op_type] ?? 0) + 1;
  return counts;
}
