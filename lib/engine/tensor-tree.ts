import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../base/index.js';

/** Tensors in arrays and plain objects; a member that is undefined counts as absent. */
export type TensorTree =
  | tf.Tensor
  | readonly TensorTree[]
  | { readonly [name: string]: TensorTree | undefined };

/** The form of a tree: its leaves are numbers of tensors in a list. */
export type Structure = number | undefined | Structure[] | { [name: string]: Structure };

/**
 * Appends the tensors of a tree to a list; the tree's form.
 * @param what names the tree in errors
 * @throws InputError for anything that is neither a tensor nor holds tensors.
 */
export function flattenTensors(tree: unknown, list: tf.Tensor[], what: string): Structure {
  if (tree === undefined) return undefined;
  if (tree instanceof tf.Tensor) return list.push(tree) - 1;
  if (Array.isArray(tree)) return tree.map((member) => flattenTensors(member, list, what));
  if (typeof tree !== 'object' || tree === null || Object.getPrototypeOf(tree) !== Object.prototype) {
    const kind = tree instanceof Object ? tree.constructor.name : tree === null ? 'null' : typeof tree;
    throw new InputError(
      `jit: ${what} is or holds a ${kind}; allowed: tensors, arrays and plain objects of them`,
    );
  }
  return Object.fromEntries(
    Object.entries(tree).map(([name, member]) => [name, flattenTensors(member, list, what)]),
  );
}

/** The tree of a form. */
export function rebuild(form: Structure, list: readonly tf.Tensor[]): unknown {
  if (form === undefined) return undefined;
  if (typeof form === 'number') return list[form];
  if (Array.isArray(form)) return form.map((member) => rebuild(member, list));
  return Object.fromEntries(Object.entries(form).map(([name, member]) => [name, rebuild(member, list)]));
}
