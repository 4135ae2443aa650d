import { InputError } from '../../base/index.js';
import { encodeModel, type ModelProto } from '../onnx/proto.js';
import { tensorTypes } from './editing.js';
import { type ModelTensor, openModel } from './open.js';
import { Histogram, type Range, widen } from './ranges.js';

type Inputs = Readonly<Record<string, ModelTensor>>;

/**
 * The ranges of values within a model over inputs.
 * @param rule `minmax`: all that was seen; `mse`: for the least squared error, on a second pass
 * @throws InputError when a value is not finite.
 */
export function calibrate(
  model: ModelProto,
  values: readonly string[],
  calibration: readonly Inputs[],
  rule: 'mse' | 'minmax',
): Map<string, Range> {
  const ranges = new Map(values.map((name) => [name, { low: 0, high: 0 }]));
  watch(model, values, calibration, (name, data) => ranges.set(name, widen(ranges.get(name)!, data)));
  for (const { low, high } of ranges.values()) {
    if (!Number.isFinite(high - low)) {
      throw new InputError(
        `quantisation: values from ${low} to ${high} on the calibration inputs; allowed: finite`,
      );
    }
  }
  if (rule === 'minmax') return ranges;
  const histograms = new Map([...ranges].map(([name, range]) => [name, new Histogram(range)]));
  watch(model, values, calibration, (name, data) => histograms.get(name)!.add(data));
  return new Map([...histograms].map(([name, histogram]) => [name, histogram.leastSquares()]));
}

/** Shows the values that inner names have on each input. */
function watch(
  model: ModelProto,
  names: readonly string[],
  calibration: readonly Inputs[],
  see: (name: string, data: Float32Array) => void,
): void {
  const given = new Set(model.graph.input.map(({ name }) => name));
  const inner = names
    .filter((name) => !given.has(name))
    .map((name) => ({ name, type: { tensor_type: { elem_type: tensorTypes.float32 } } }));
  // A model must give something, also where only its inputs are watched.
  const output = inner.length > 0 ? inner : model.graph.output;
  const watched = openModel(encodeModel({ ...model, graph: { ...model.graph, output } }));
  try {
    for (const inputs of calibration) {
      const found = watched.run(inputs);
      for (const name of names) see(name, (found[name] ?? inputs[name]!).data as Float32Array);
    }
  } finally {
    watched.dispose();
  }
}
