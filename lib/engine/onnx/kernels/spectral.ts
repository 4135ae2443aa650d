import type { Builder, Sym } from '../builder.js';
import { type Axis, type ConvAttrs, convolution, type Geometry } from './geometry.js';
import type { Lowering, Lowerings } from './lowering.js';

/**
 * Convolutions of small images by the discrete Fourier transform: products of matrices with far fewer
 * multiplications than taps times places. Images are so small that the transform itself is a product by a matrix.
 *
 * A spectrum [n, modes, 2·c] holds for each image and mode c values and c more: the real and the imaginary parts of
 * a wave, or two waves that are real. Of waves that are each other's conjugates there is one.
 */
type Pair = readonly [rows: number, columns: number];
type Mode = readonly [wave: Pair, other?: Pair];

/** The spectral way is taken where it saves this factor of multiplications. */
const leastGain = 1.25;
const leastChannels = 16;

/** Places of the transform where convolution and gradients are to be computed by it; both even. */
export function spectralSides(geometry: Geometry): Pair | undefined {
  const { axes, batch, inChannels: c, outChannels: o, channelsFirst } = geometry;
  const fits = ({ input, output, stride, dilation }: Axis) =>
    input === output && stride === 1 && dilation === 1;
  if (channelsFirst || axes.length !== 2 || !axes.every(fits)) return undefined;
  if (Math.min(c, o, batch) < leastChannels) return undefined;
  // Places may be the same as far as no tap that meets an input meets a wrong one.
  const sides = axes.map(({ input, filter, before }) => {
    const least = input + Math.max(before, filter - 1 - before);
    return least + (least % 2);
  }) as [number, number];
  const [places, modes, taps] = [product(axes.map(({ input }) => input)), product(sides), tapsOf(axes)];
  const transforms = modes * places * (c + o) + (4 * modes * taps * c * o) / batch;
  return leastGain * (transforms + 2 * modes * c * o) < places * taps * c * o ? sides : undefined;
}

const product = (lengths: readonly number[]): number => lengths.reduce((all, length) => all * length, 1);
const tapsOf = (axes: readonly Axis[]): number => product(axes.map(({ filter }) => filter));

function modesOf([height, width]: Pair): Mode[] {
  const [complex, real]: [Mode[], Pair[]] = [[], []];
  for (const u of Array(height).keys()) {
    for (const v of Array(width).keys()) {
      const [mirrorU, mirrorV] = [(height - u) % height, (width - v) % width];
      const wave: Pair = [(2 * Math.PI * u) / height, (2 * Math.PI * v) / width];
      if (u === mirrorU && v === mirrorV) real.push(wave);
      else if (u < mirrorU || (u === mirrorU && v < mirrorV)) complex.push([wave]);
    }
  }
  return [[real[0]!, real[1]!], [real[2]!, real[3]!], ...complex];
}

const phase = ([u, v]: Pair, [i, j]: Pair): number => u * i + v * j;

/** The mode's two values of an image that is 1 at one place. */
const analyse = ([wave, other]: Mode, at: Pair): [number, number] =>
  other
    ? [Math.cos(phase(wave, at)), Math.cos(phase(other, at))]
    : [Math.cos(phase(wave, at)), -Math.sin(phase(wave, at))];

/** What each of the mode's values adds to each of them when the image moves by `offset` towards the origin. */
function move([wave, other]: Mode, offset: Pair, to: number, from: number): number {
  const angle = phase(wave, offset);
  if (other) return to === from ? Math.cos(to === 0 ? angle : phase(other, offset)) : 0;
  return to === from ? Math.cos(angle) : Math.sin(angle) * (to - from);
}

const grid = ([height, width]: Pair): Pair[] =>
  Array.from({ length: height * width }, (_, i) => [Math.floor(i / width), i % width]);

/** What a geometry's matrices are made of. */
function transform(geometry: Geometry) {
  const sides = spectralSides(geometry)!;
  const [rows, columns] = geometry.axes as [Axis, Axis];
  const modes = modesOf(sides);
  return {
    modes,
    weights: modes.map(([, other]) => (other ? 1 : 2) / product(sides)),
    places: grid([rows.input, columns.input]),
    offsets: grid([rows.filter, columns.filter]).map(([i, j]): Pair => [i - rows.before, j - columns.before]),
  };
}

const two = [0, 1] as const;

/** [n, h, w, c] to [n, modes, 2·c]. */
function spectrum(g: Builder, x: Sym, geometry: Geometry): Sym {
  const { modes, places } = transform(geometry);
  const [n, h, w, c] = x.shape as [number, number, number, number];
  const rows = modes.flatMap((mode) => two.map((part) => places.map((at) => analyse(mode, at)[part])));
  const matrix = g.constant(rows.flat(), [rows.length, places.length], 'float32');
  return g.reshape(g.matmul(matrix, g.reshape(x, [n, h * w, c])), [n, modes.length, 2 * c]);
}

/** The spectrum of x by a filter [kh, kw, c, o] gives [n, h, w, o]; `sign` -1 turns the filter around. */
function convolve(g: Builder, x: Sym, filter: Sym, geometry: Geometry, sign: 1 | -1): Sym {
  const { modes, weights, places, offsets } = transform(geometry);
  const [n, , both] = x.shape as [number, number, number];
  const [, , c, o] = filter.shape as [number, number, number, number];
  const moves = two.flatMap((to) =>
    modes.flatMap((mode) =>
      two.map((from) => offsets.map(([i, j]) => move(mode, [sign * i, sign * j], to, from))),
    ),
  );
  const matrix = g.constant(moves.flat(), [moves.length, offsets.length], 'float32');
  const taps = g.matmul(matrix, g.reshape(filter, [offsets.length, c * o]));
  const factors = g.reshape(taps, [2, modes.length, both, o]);
  const spectra = g.reshape(x, [n, 1, modes.length, both]);
  const products = fusedMatMul(g, spectra, factors, [2, modes.length, n, o], { transBatchA: 1 });
  const back = places.map((at) =>
    two.flatMap((part) => modes.map((mode, i) => weights[i]! * analyse(mode, at)[part])),
  );
  const inverse = g.constant(back.flat(), [1, places.length, 2 * modes.length], 'float32');
  const parts = g.reshape(products, [2 * modes.length, n, o]);
  const y = fusedMatMul(g, inverse, parts, [n, places.length, o], { transBatchB: 1 });
  return g.reshape(y, [n, ...geometry.axes.map(({ input }) => input), o]);
}

/** The gradient by the filter, of the spectra of x and dy. */
function filterGradient(g: Builder, x: Sym, dy: Sym, geometry: Geometry): Sym {
  const { modes, weights, offsets } = transform(geometry);
  const { inChannels: c, outChannels: o, axes } = geometry;
  const attributes = { transA: 1, transBatchA: 1, transBatchB: 1 };
  const products = fusedMatMul(g, x, dy, [modes.length, 2 * c, 2 * o], attributes);
  const apart = g.transpose(g.reshape(products, [2 * modes.length, c, 2, o]), [0, 2, 1, 3]);
  const moves = offsets.map((by) =>
    modes.flatMap((mode, i) =>
      two.flatMap((from) => two.map((to) => weights[i]! * move(mode, by, to, from))),
    ),
  );
  const matrix = g.constant(moves.flat(), [offsets.length, 4 * modes.length], 'float32');
  const gradient = g.matmul(matrix, g.reshape(apart, [4 * modes.length, c * o]));
  return g.reshape(gradient, [...axes.map(({ filter }) => filter), c, o]);
}

function fusedMatMul(
  g: Builder,
  a: Sym,
  b: Sym,
  shape: readonly number[],
  attributes: Record<string, number>,
): Sym {
  return g.node('FusedMatMul', [a, b], shape, { attributes, domain: 'com.microsoft' });
}

interface SpectralAttrs extends ConvAttrs {
  inputShape: number[];
  filterShape: number[];
}

const geometryOf = (attrs: SpectralAttrs): Geometry =>
  convolution(attrs.inputShape, attrs.filterShape, attrs);

/** Of an image, with the attributes of a convolution and the shapes of its input and filter. */
export const toSpectrum: Lowering = (g, { x }, attrs: SpectralAttrs) => spectrum(g, x, geometryOf(attrs));

/** Kernels of convolution whose images are given as spectra; attributes as above. */
export const spectral: Lowerings = {
  Conv2D: (g, { x, filter }, attrs: SpectralAttrs) => convolve(g, x, filter, geometryOf(attrs), 1),
  Conv2DBackpropInput: (g, { dy, filter }, attrs: SpectralAttrs) =>
    convolve(g, dy, g.transpose(filter, [0, 1, 3, 2]), geometryOf(attrs), -1),
  Conv2DBackpropFilter: (g, { x, dy }, attrs: SpectralAttrs) => filterGradient(g, x, dy, geometryOf(attrs)),
};
