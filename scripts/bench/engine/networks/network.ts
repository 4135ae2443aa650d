import * as tf from '@tensorflow/tfjs-core';
import type { Rng } from '../../../../lib/math/index.js';
import type { ParameterTree, Snapshot, TensorData } from '../../../../lib/nn/index.js';

/** The tensors that a network computes with besides its parameters, by name. */
export type Inputs<Name extends string> = Record<Name, tf.Tensor>;

/** A network that is benched, and its twin in `pytorch/`, which holds the parameters under the same names. */
export interface Network<P extends ParameterTree = ParameterTree, Name extends string = string> {
  /** What it is, with batch and size: the row's title. */
  title: string;
  init(rng: Rng): P;
  /** One batch, and the constants (masks, positions) that both sides are given. */
  batch(rng: Rng): Record<Name, TensorData>;
  /** Names of the inputs that are indices (int32). */
  indices?: readonly Name[];
  forward(params: P, inputs: Inputs<Name>): tf.Tensor;
  /** The scalar that training minimises. */
  loss(params: P, inputs: Inputs<Name>): tf.Tensor;
}

/** Values as tensors of the engine in use. */
export function toInputs(network: Network, values: Snapshot): Inputs<string> {
  return Object.fromEntries(
    [...values].map(([name, { shape, data }]) => [
      name,
      network.indices?.includes(name)
        ? tf.tensor(Int32Array.from(data), shape, 'int32')
        : tf.tensor(data, shape, 'float32'),
    ]),
  );
}

/** Uniform values in [0, 1). */
export function uniform(rng: Rng, shape: number[]): TensorData {
  const data = new Float32Array(shape.reduce((size, side) => size * side, 1));
  rng.fillUniform(data, 0, 1);
  return { shape, data };
}

/** Standard normal values. */
export function normal(rng: Rng, shape: number[]): TensorData {
  const data = new Float32Array(shape.reduce((size, side) => size * side, 1));
  rng.fillNormal(data, 0, 1);
  return { shape, data };
}

/** Values from a function of the flat place. */
export function filled(shape: number[], value: (index: number) => number): TensorData {
  const size = shape.reduce((product, side) => product * side, 1);
  return { shape, data: Float32Array.from({ length: size }, (_, index) => value(index)) };
}
