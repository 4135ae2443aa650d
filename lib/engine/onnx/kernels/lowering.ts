import type { Builder, Sym } from '../builder.js';

/** The inputs of a tfjs kernel by their names in tfjs; a kernel has those that its definition says. */
export interface Inputs {
  a: Sym;
  b: Sym;
  x: Sym;
  y: Sym;
  dy: Sym;
  alpha: Sym;
  filter: Sym;
  input: Sym;
  output: Sym;
  indices: Sym;
  updates: Sym;
  tensor: Sym;
  params: Sym;
  condition: Sym;
  t: Sym;
  e: Sym;
  segmentIds: Sym;
  logits: Sym;
  images: Sym;
  image: Sym;
  value: Sym;
  scale?: Sym;
  offset?: Sym;
  mean: Sym;
  variance: Sym;
  m?: Sym;
  v?: Sym;
  rate?: Sym;
  epsilon?: Sym;
  bias?: Sym;
  preluActivationWeights?: Sym;
  /** All inputs in order: what the kernels of any number of tensors have. */
  list: readonly Sym[];
}

/**
 * What a tfjs kernel becomes: appends ONNX nodes and returns its results. Called once for each set of
 * attributes and input shapes.
 */
export type Lowering = (g: Builder, inputs: Inputs, attrs: never) => Sym | readonly Sym[];

/** Thrown by a lowering for a case that it leaves to the plain backend. */
export class NotLowered extends Error {}
export type Lowerings = Readonly<Record<string, Lowering>>;
