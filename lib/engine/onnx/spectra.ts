import type { Graph } from './graph.js';
import { type ConvAttrs, convolution } from './kernels/geometry.js';
import { spectral, spectralSides, toSpectrum } from './kernels/spectral.js';
import type { Operand, Recorded } from './layouts.js';
import type { TemplateStore } from './template.js';
import type { Value } from './values.js';

/** Shapes of the input and the filter of a convolution, or of one of its gradients. */
function shapesOf(operands: readonly Operand[], attrs: ConvAttrs) {
  const shape = (name: string) => operands.find((operand) => operand.name === name)?.shape;
  return {
    inputShape: [...(shape('x') ?? attrs.inputShape!)],
    filterShape: [...(shape('filter') ?? attrs.filterShape!)],
  };
}

/**
 * Records a convolution of small images, or a gradient of one, on the spectra of the images.
 * @returns undefined where it is to be recorded otherwise
 */
export function recordSpectrally(
  graph: Graph,
  templates: TemplateStore,
  kernel: string,
  operands: readonly Operand[],
  attrs: object,
): Recorded | undefined {
  const lowering = spectral[kernel];
  if (!lowering || templates.portable) return undefined;
  const shapes = shapesOf(operands, attrs as ConvAttrs);
  const sides = spectralSides(convolution(shapes.inputShape, shapes.filterShape, attrs as ConvAttrs));
  if (!sides) return undefined;
  const all = { ...attrs, ...shapes };
  const given = operands.map((operand) =>
    operand.name === 'filter'
      ? operand
      : { ...operand, ...spectrumOf(graph, templates, operand, all, sides.join()) },
  );
  const signature = given.map(({ name, shape, value }) => ({ name, type: value.type, shape }));
  const template = templates.get(`Spectral${kernel}`, lowering, signature, all);
  return {
    template,
    outputs: graph.record(
      template,
      given.map(({ value }) => value),
    ),
  };
}

/** The spectrum of an image; a pending one knows it for the next kernel that needs it. */
function spectrumOf(
  graph: Graph,
  templates: TemplateStore,
  { shape, value }: Operand,
  attrs: object,
  sides: string,
): { shape: readonly number[]; value: Value } {
  const known = value.spectrum;
  if (known && known.sides === sides) return { shape: known.value.shape, value: known.value };
  const signature = { name: 'x', type: value.type, shape };
  const [found] = graph.record(templates.get('Spectrum', toSpectrum, [signature], attrs), [value]);
  if (value.pending) value.spectrum = { sides, value: found! };
  return { shape: found!.shape, value: found! };
}
