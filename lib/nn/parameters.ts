import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../base/index.js';
import { brief } from './brief.js';

/** The parameters of a model: a plain object of variables and further objects, named by their keys. */
export type ParameterTree = { [name: string]: tf.Variable | ParameterTree };

/** The values of one tensor outside the engine; `data` is row-major and owned by the holder. */
export interface TensorData {
  shape: number[];
  data: Float32Array;
}

/** The values of a whole tree by dotted name, in the order of `flatten`. */
export type Snapshot = Map<string, TensorData>;

/** Names that JavaScript objects give a meaning of their own; never the name of a parameter. */
export const reservedNames: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** The number of values in a tensor of this shape (1 for a scalar). */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

/**
 * A trainable variable with the given values (a typed array or one number for all of them). It carries no
 * name of its own: the key under which the tree holds it is its name, so one architecture can be
 * built many times in one process.
 * @throws InputError when the number of values is not the product of the shape.
 */
export function parameter(values: Float32Array | number, shape: number[]): tf.Variable {
  const size = sizeOf(shape);
  if (typeof values !== 'number' && values.length !== size) {
    throw new InputError(
      `parameter has ${values.length} values; allowed: ${size} for the shape [${shape.join(', ')}]`,
    );
  }
  // A tensor may adopt the array it is given, so it gets one that nobody else holds.
  const owned = typeof values === 'number' ? new Float32Array(size).fill(values) : values.slice();
  return ownedVariable(tf.tensor(owned, shape, 'float32'));
}

/** Turns a tensor into a variable that outlives any tidy, and releases the tensor. */
function ownedVariable(initial: tf.Tensor): tf.Variable {
  const variable = tf.variable(initial, true);
  initial.dispose();
  return variable;
}

/**
 * The variables of a tree by dotted name (`encoder.block0.weight`), depth first in the order of the keys.
 * @throws InputError for a key that is empty, holds a dot or is reserved by the language.
 */
export function flatten(tree: ParameterTree): Map<string, tf.Variable> {
  const found = new Map<string, tf.Variable>();
  collect(tree, '', found);
  return found;
}

function collect(tree: ParameterTree, prefix: string, found: Map<string, tf.Variable>): void {
  for (const [key, value] of Object.entries(tree)) {
    if (key === '' || key.includes('.') || reservedNames.has(key)) {
      throw new InputError(`parameter name ${brief(key)}; allowed: not empty, without a dot, not reserved`);
    }
    if (value instanceof tf.Variable) found.set(prefix + key, value);
    else collect(value, `${prefix}${key}.`, found);
  }
}

/** The number of trainable values in a tree. */
export function countParameters(tree: ParameterTree): number {
  let count = 0;
  for (const variable of flatten(tree).values()) count += variable.size;
  return count;
}

/** Releases the memory of every variable; the tree is unusable afterwards. */
export function disposeTree(tree: ParameterTree): void {
  for (const variable of flatten(tree).values()) variable.dispose();
}

/** A tree of the same structure, each leaf made from the variable in its place. */
export function mapTree(
  tree: ParameterTree,
  leaf: (variable: tf.Variable, name: string) => tf.Variable,
): ParameterTree {
  const mapped = (branch: ParameterTree, prefix: string): ParameterTree =>
    Object.fromEntries(
      Object.entries(branch).map(([key, value]) => {
        const name = prefix + key;
        return [key, value instanceof tf.Variable ? leaf(value, name) : mapped(value, `${name}.`)];
      }),
    );
  return mapped(tree, '');
}

/** A tree of new variables with the same values; training one leaves the other as it is. */
export function cloneTree(tree: ParameterTree): ParameterTree {
  return mapTree(tree, (variable) => ownedVariable(tf.clone(variable)));
}

/** A tree of the same structure filled with zeros. */
export function zerosLike(tree: ParameterTree): ParameterTree {
  return mapTree(tree, (variable) => parameter(0, variable.shape));
}

/**
 * Gives every variable of `tree` the values of the tensor of the same dotted name. Nothing is assigned
 * unless all names and shapes agree.
 * @param tensors a snapshot, or tensors by dotted name (which stay the caller's to dispose)
 * @throws InputError naming the first missing, unexpected or misshapen tensor.
 */
export function assignTree(
  tree: ParameterTree,
  tensors: Map<string, TensorData | tf.Tensor>,
  what = 'weights',
): void {
  const variables = flatten(tree);
  for (const [name, variable] of variables) {
    const found = tensors.get(name);
    if (!found)
      throw new InputError(`${what}: no tensor ${name}; the model needs it with shape [${variable.shape}]`);
    if (found.shape.join() !== variable.shape.join()) {
      throw new InputError(
        `${what}: ${name} has shape [${found.shape}]; the model needs [${variable.shape}]`,
      );
    }
  }
  for (const name of tensors.keys()) {
    if (!variables.has(name))
      throw new InputError(`${what}: tensor ${brief(name)} is not a parameter of the model`);
  }
  for (const [name, variable] of variables) assignOne(variable, tensors.get(name)!);
}

function assignOne(variable: tf.Variable, source: TensorData | tf.Tensor): void {
  const value =
    source instanceof tf.Tensor ? tf.clone(source) : tf.tensor(source.data.slice(), source.shape, 'float32');
  variable.assign(value);
  value.dispose();
}

/** Reads all values of a tree out of the engine; the arrays are copies. */
export async function snapshot(tree: ParameterTree): Promise<Snapshot> {
  const values: Snapshot = new Map();
  for (const [name, variable] of flatten(tree)) {
    const data = (await variable.data()) as Float32Array;
    // Some backends hand out their own memory, which the next step may overwrite.
    values.set(name, { shape: variable.shape.slice(), data: data.slice() });
  }
  return values;
}
