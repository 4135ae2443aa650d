import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../base/index.js';
import type { Rng } from '../math/index.js';
import type { Gradients } from './adam.js';

/** What a loss function may return beside the loss. */
export interface LossParts {
  /** The scalar to minimise. */
  loss: tf.Tensor;
  /** Scalars to report beside it (distortion, rate). */
  parts?: Record<string, tf.Tensor>;
  /** Tensors to search when training diverges, by name: the batch, the received symbols. */
  inputs?: Record<string, tf.Tensor>;
}

/**
 * The loss of one step, a function of the step number (from 0) and of the step's own random stream. It must
 * depend on nothing else that changes, so that a resumed run repeats it.
 */
export type LossFunction = (step: number, rng: Rng) => tf.Tensor | LossParts;

/** Gradients of a loss and, in one small tensor to read at once, [loss, sum of squared gradients, ...parts]. */
export interface Evaluation {
  gradients: Gradients;
  scalars: tf.Tensor;
  partNames: string[];
}

/** Runs the loss and its gradients; the caller disposes what it gets by `release`. */
export function evaluate(
  loss: LossFunction,
  step: number,
  rng: Rng,
  variables: Map<string, tf.Variable>,
): Evaluation {
  const partNames: string[] = [];
  const kept: tf.Tensor[] = [];
  try {
    const { scalars, list } = tf.tidy(() => {
      const { value, grads } = tf.variableGrads(() => {
        const result = named(loss(step, rng.fork(step)));
        for (const [name, part] of Object.entries(result.parts ?? {})) {
          partNames.push(name);
          // The tidy around the forward pass would take the parts away.
          kept.push(tf.keep(scalarOf(part, name)));
        }
        return scalarOf(result.loss, 'loss') as tf.Scalar;
      }, [...variables.values()]);
      // tfjs answers null for a variable that is not trainable.
      const reached = Object.values(grads).filter((gradient) => gradient !== null);
      const squares = reached.map((gradient) => tf.sum(tf.square(gradient)));
      return { scalars: tf.stack([value, tf.addN(squares), ...kept]), list: grads };
    });
    return { gradients: byParameter(variables, list), scalars, partNames };
  } finally {
    tf.dispose(kept);
  }
}

/** tfjs answers under its own running names; the tree's names are wanted. */
function byParameter(variables: Map<string, tf.Variable>, list: tf.NamedTensorMap): Gradients {
  const gradients: Gradients = new Map();
  for (const [name, variable] of variables) {
    const gradient = list[variable.name];
    if (gradient) gradients.set(name, gradient);
  }
  return gradients;
}

/** Frees the gradients and scalars of an evaluation. */
export function release({ gradients, scalars }: Evaluation): void {
  tf.dispose([scalars, ...gradients.values()]);
}

function named(result: tf.Tensor | LossParts): LossParts {
  return result instanceof tf.Tensor ? { loss: result } : result;
}

function scalarOf(tensor: tf.Tensor, name: string): tf.Tensor {
  if (tensor.size !== 1)
    throw new InputError(`${name} of the loss function has shape [${tensor.shape}]; allowed: a scalar`);
  return tf.reshape(tensor, []);
}

/** Where a step went wrong. */
export interface Suspects {
  variables: Map<string, tf.Variable>;
  evaluation: Evaluation;
  /** The values of `evaluation.scalars`. */
  values: Float32Array;
  /** Runs the step's loss once more, for its inputs. */
  again: () => tf.Tensor | LossParts;
}

/**
 * Names the first tensor with a value that is not finite, in the order in which a step computes: weights,
 * inputs of the loss function, its parts, the loss, gradients.
 */
export async function firstNonFinite({ variables, evaluation, values, again }: Suspects): Promise<string> {
  for (const [name, variable] of variables) if (await isBroken(variable)) return `parameter ${name}`;
  const input = await brokenInput(again);
  if (input) return input;
  const part = evaluation.partNames.findIndex((_, index) => !Number.isFinite(values[index + 2]));
  if (part >= 0) return evaluation.partNames[part]!;
  if (!Number.isFinite(values[0])) return 'loss';
  for (const [name, gradient] of evaluation.gradients)
    if (await isBroken(gradient)) return `gradient of ${name}`;
  return 'global gradient norm';
}

async function brokenInput(again: Suspects['again']): Promise<string | undefined> {
  // Cloned out of the tidy, because an input may be a tensor that the caller owns.
  const inputs = tf.tidy(() => {
    const found = named(again()).inputs ?? {};
    return Object.fromEntries(Object.entries(found).map(([name, tensor]) => [name, tf.clone(tensor)]));
  });
  try {
    for (const [name, tensor] of Object.entries(inputs)) if (await isBroken(tensor)) return name;
    return undefined;
  } finally {
    tf.dispose(inputs);
  }
}

/** Whether a tensor holds a value that is not finite. */
export async function isBroken(tensor: tf.Tensor): Promise<boolean> {
  return (await tensor.data()).some((value) => !Number.isFinite(value));
}
