import { writeAttribute } from '../onnx/model.js';
import type { NodeProto } from '../onnx/proto.js';
import { attribute, type Editing, ints } from './editing.js';
import type { Shapes } from './simplify.js';

/** How a spatial axis of a transposed convolution looks as a forward convolution of its phases. */
interface PhaseAxis {
  stride: number;
  /** Places of one phase. */
  places: number;
  taps: number;
  padBefore: number;
  padAfter: number;
  /** The filter position that phase j meets at tap d, or none. */
  position(phase: number, tap: number): number | undefined;
}

function phases(input: number, output: number, filter: number, stride: number, before: number): PhaseAxis {
  // Output s·m + j meets filter position t at input m + (j + before - t) / s.
  const first = Math.ceil((before - filter + 1) / stride);
  const last = Math.floor((before + stride - 1) / stride);
  const places = Math.ceil(output / stride);
  return {
    stride,
    places,
    taps: last - first + 1,
    padBefore: -first,
    padAfter: places - 1 + last - (input - 1),
    position(phase, tap) {
      const at = phase + before - stride * (first + tap);
      return at >= 0 && at < filter ? at : undefined;
    },
  };
}

/**
 * A transposed convolution of a plane as a forward one: no zeros are inserted, and there are 8-bit kernels for
 * it. With stride s the output's phases modulo s become channels, interleaved afterwards.
 */
export function forwardConvolution(editing: Editing, node: NodeProto, shapes: Shapes): void {
  const weight = editing.floats(node.input[1]);
  const [x, y] = [shapes.get(node.input[0]!), shapes.get(node.output[0]!)];
  if (!weight || x?.length !== 4 || !y || [...x, ...y].some((length) => length < 0)) return;
  const [inputs, outputs, kh, kw] = editing.constants.get(node.input[1]!)!.dims as Shape4;
  const [s, t] = ints(node, 'strides') ?? [1, 1];
  const pads = ints(node, 'pads') ?? [0, 0, 0, 0];
  const plain =
    (attribute(node, 'group')?.i ?? 1) === 1 && (ints(node, 'dilations') ?? []).every((d) => d === 1);
  const rows = phases(x[2]!, y[2]!, kh, s!, pads[0]!);
  const columns = phases(x[3]!, y[3]!, kw, t!, pads[1]!);
  const whole = y[2]! % s! === 0 && y[3]! % t! === 0;
  const given = node.input[2] ? editing.floats(node.input[2]) : new Float32Array();
  const margins = [rows.padBefore, columns.padBefore, rows.padAfter, columns.padAfter];
  if (!plain || !given || s !== t || !whole || margins.some((pad) => pad < 0) || automatic(node)) return;
  const filter = phaseFilter(weight, [inputs, outputs, kh, kw], rows, columns);
  const dims = [outputs * s! * t!, inputs, rows.taps, columns.taps];
  const bias = node.input[2]
    ? [editing.constant('bias', repeated(given!, s! * t!), [outputs * s! * t!])]
    : [];
  const phased = s === 1 ? node.output[0]! : editing.value('phases');
  const conv: NodeProto = {
    op_type: 'Conv',
    input: [node.input[0]!, editing.constant('weight', filter, dims), ...bias],
    output: [phased],
    attribute: [writeAttribute('pads', margins)],
  };
  const interleave: NodeProto = {
    op_type: 'DepthToSpace',
    input: [phased],
    output: node.output,
    attribute: [writeAttribute('blocksize', s!), writeAttribute('mode', 'CRD')],
  };
  editing.replace(node, s === 1 ? [conv] : [conv, interleave]);
}

type Shape4 = [number, number, number, number];

/** Whether the padding is to be worked out (`auto_pad`, `output_shape`). */
function automatic(node: NodeProto): boolean {
  const rule = Buffer.from(attribute(node, 'auto_pad')?.s ?? 'NOTSET').toString();
  return rule !== 'NOTSET' || ints(node, 'output_shape') !== undefined;
}

/** [inputs, outputs, kh, kw] to [outputs·s·s, inputs, taps, taps]. */
function phaseFilter(
  weight: Float32Array,
  [inputs, outputs, kh, kw]: Shape4,
  rows: PhaseAxis,
  columns: PhaseAxis,
): Float32Array {
  const filter: number[] = [];
  for (let o = 0; o < outputs; o++) {
    for (let phase = 0; phase < rows.stride * columns.stride; phase++) {
      for (let i = 0; i < inputs; i++) {
        for (let tap = 0; tap < rows.taps * columns.taps; tap++) {
          const y = rows.position(Math.floor(phase / columns.stride), Math.floor(tap / columns.taps));
          const x = columns.position(phase % columns.stride, tap % columns.taps);
          const at = ((i * outputs + o) * kh + (y ?? 0)) * kw + (x ?? 0);
          filter.push(y === undefined || x === undefined ? 0 : weight[at]!);
        }
      }
    }
  }
  return Float32Array.from(filter);
}

/** Every value so many times, one after the other. */
export function repeated(values: Float32Array, times: number): Float32Array {
  return Float32Array.from({ length: values.length * times }, (_, i) => values[Math.floor(i / times)]!);
}
