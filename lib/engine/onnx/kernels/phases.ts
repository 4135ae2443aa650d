import type { Builder, Sym } from '../builder.js';
import type { Attributes } from '../model.js';
import type { Axis, Geometry } from './geometry.js';

/** How the outputs of one phase see an axis: the forward convolution over dy that computes the input gradient. */
interface PhaseAxis {
  taps: number;
  /** Empty taps before the filter's first. */
  lead: number;
  /** Zeros on both sides; negative to crop. */
  padBefore: number;
  padAfter: number;
  outputs: number;
  /** Interleaved outputs before the first input. */
  crop: number;
}

/** The least work of all ways to begin the groups of outputs, no crop before a crop. */
function phases(axis: Axis): PhaseAxis {
  const ways = Array.from({ length: axis.stride }, (_, crop) => phasesFrom(axis, crop));
  const work = ({ outputs, taps }: PhaseAxis) => outputs * taps;
  return ways.reduce((best, way) => (work(way) < work(best) ? way : best));
}

/**
 * Input i of group q = floor((i + crop) / s) meets dy at q + shift - j by filter tap s·j + phase - lead, j = 0, 1, …
 */
function phasesFrom({ input, output, filter, stride, dilation, before }: Axis, crop: number): PhaseAxis {
  const lead = (((crop - before) % stride) + stride) % stride;
  const shift = (lead - crop + before) / stride;
  const taps = Math.ceil((filter + lead) / stride);
  const outputs = Math.floor((input - 1 + crop) / stride) + 1;
  const padBefore = (taps - 1) * dilation - shift;
  return { taps, lead, padBefore, padAfter: outputs + shift - output, outputs, crop };
}

/** A forward convolution over dy that computes the gradient by the input. */
interface PhaseConvolution {
  /** The part of dy in reach of an input: a window cannot have negative padding. */
  crops: [number, number];
  kept: [number, number];
  window: Attributes;
  /** [taps, taps, o, s·t·c]. */
  taps: Sym;
  outputs: [number, number];
  /** Where the inputs begin in the interleaved outputs. */
  begin: [number, number];
}

/**
 * The gradient by the input as a convolution over dy. With stride s a position's phase (position + crop) mod s says
 * which filter taps it sees: the phases are groups of output channels of a filter of ceil(k/s) taps, to be
 * interleaved afterwards. No zeros are inserted.
 */
export function phaseConvolution(g: Builder, filter: Sym, { axes }: Geometry): PhaseConvolution {
  const [rows, columns] = axes as [Axis, Axis];
  const [y, z] = [phases(rows), phases(columns)];
  const crop = ({ padBefore }: PhaseAxis) => Math.max(0, -padBefore);
  const keep = ({ output }: Axis, phase: PhaseAxis) => output - crop(phase) - Math.max(0, -phase.padAfter);
  const window = {
    kernel_shape: [y.taps, z.taps],
    strides: [1, 1],
    dilations: [rows.dilation, columns.dilation],
    pads: [y.padBefore, z.padBefore, y.padAfter, z.padAfter].map((n) => Math.max(0, n)),
  };
  return {
    crops: [crop(y), crop(z)],
    kept: [keep(rows, y), keep(columns, z)],
    window,
    taps: phaseFilter(g, filter, [rows.stride, columns.stride], [y, z]),
    outputs: [y.outputs, z.outputs],
    begin: [y.crop, z.crop],
  };
}

/** [kh, kw, c, o] to [taps, taps, o, s·t·c], taps reversed. */
function phaseFilter(g: Builder, filter: Sym, [s, t]: [number, number], [y, z]: [PhaseAxis, PhaseAxis]): Sym {
  const [kh, kw, c, o] = filter.shape as [number, number, number, number];
  const [th, tw] = [y.taps, z.taps];
  const padded = g.pad(filter, [
    [y.lead, th * s - kh - y.lead],
    [z.lead, tw * t - kw - z.lead],
    [0, 0],
    [0, 0],
  ]);
  const split = g.reshape(padded, [th, s, tw, t, c, o]);
  const reversed = g.slice(split, [th - 1, 0, tw - 1, 0, 0, 0], split.shape, [-1, 1, -1, 1, 1, 1]);
  return g.reshape(g.transpose(reversed, [0, 2, 5, 1, 3, 4]), [th, tw, o, s * t * c]);
}
