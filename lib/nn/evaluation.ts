import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../base/index.js';
import { jit } from '../engine/index.js';
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

/** The values of one tensor, of the type of their array, that a training step draws. */
export interface Drawn {
  shape: readonly number[];
  data: Float32Array | Int32Array;
}

/**
 * A loss in two parts, so that the second can be compiled (see `jit` of lib/engine): what changes from step to
 * step is drawn in plain JavaScript, and what is computed of it sees tensors only.
 */
export interface DrawnLoss<Name extends string = string> {
  /** The batch, noise, conditions of one step, by name; a function of the step and of its own random stream. */
  draw(step: number, rng: Rng): Record<Name, Drawn>;
  /** The loss of what was drawn. It must depend on nothing else that changes, and read no value. */
  compute(drawn: Record<Name, tf.Tensor>): tf.Tensor | LossParts;
}

/** The same as one function, which names all that was drawn among the inputs to search. */
export function plainLoss(loss: LossFunction | DrawnLoss): LossFunction {
  if (typeof loss === 'function') return loss;
  return (step, rng) => {
    const drawn = drawnTensors(loss.draw(step, rng));
    const result = named(loss.compute(drawn));
    return { ...result, inputs: { ...drawn, ...result.inputs } };
  };
}

/** What was drawn, as tensors. */
export function drawnTensors<D extends Record<string, Drawn>>(drawn: D): { [Name in keyof D]: tf.Tensor } {
  const tensorOf = ({ shape, data }: Drawn) =>
    tf.tensor(data, [...shape], data instanceof Int32Array ? 'int32' : 'float32');
  const entries = Object.entries(drawn).map(([name, numbers]) => [name, tensorOf(numbers)]);
  return Object.fromEntries(entries) as { [Name in keyof D]: tf.Tensor };
}

/** Gradients of a loss and, in one small tensor to read at once, [loss, sum of squared gradients, ...parts]. */
export interface Evaluation {
  gradients: Gradients;
  scalars: tf.Tensor;
  partNames: string[];
}

/** The evaluation of each step of a loss; the caller disposes what it gets by `release`. */
export function evaluator(
  loss: LossFunction | DrawnLoss,
  variables: Map<string, tf.Variable>,
): (step: number, rng: Rng) => Evaluation {
  if (typeof loss === 'function') {
    return (step, rng) => toEvaluation(differentiate(() => loss(step, rng.fork(step)), variables));
  }
  const compiled = jit((drawn: Record<string, tf.Tensor>) =>
    differentiate(() => loss.compute(drawn), variables),
  );
  return (step, rng) => toEvaluation(tf.tidy(() => compiled(drawnTensors(loss.draw(step, rng.fork(step))))));
}

type Differentiated = {
  scalars: tf.Tensor;
  gradients: Record<string, tf.Tensor>;
  parts: Record<string, tf.Tensor>;
};

function differentiate(
  compute: () => tf.Tensor | LossParts,
  variables: Map<string, tf.Variable>,
): Differentiated {
  const kept: Record<string, tf.Tensor> = {};
  try {
    return tf.tidy(() => {
      const { value, grads } = tf.variableGrads(() => {
        const result = named(compute());
        for (const [name, part] of Object.entries(result.parts ?? {})) {
          // The tidy around the forward pass would take the parts away.
          kept[name] = tf.keep(scalarOf(part, name));
        }
        return scalarOf(result.loss, 'loss') as tf.Scalar;
      }, [...variables.values()]);
      const gradients = byParameter(variables, grads);
      const squares = Object.values(gradients).map((gradient) => tf.sum(tf.square(gradient)));
      const scalars = tf.stack([value, tf.addN(squares), ...Object.values(kept)]);
      const parts = Object.entries(kept).map(([name, part]) => [name, tf.clone(part)]);
      return { scalars, gradients, parts: Object.fromEntries(parts) };
    });
  } finally {
    tf.dispose(kept);
  }
}

/** tfjs answers under its own running names; the tree's names are wanted. */
function byParameter(
  variables: Map<string, tf.Variable>,
  list: tf.NamedTensorMap,
): Record<string, tf.Tensor> {
  const gradients: Record<string, tf.Tensor> = {};
  for (const [name, variable] of variables) {
    // tfjs answers null for a variable that is not trainable.
    const gradient = list[variable.name];
    if (gradient) gradients[name] = gradient;
  }
  return gradients;
}

/** The parts are in the scalars too, which are read at once: only their names are wanted. */
function toEvaluation({ scalars, gradients, parts }: Differentiated): Evaluation {
  tf.dispose(parts);
  return { scalars, gradients: new Map(Object.entries(gradients)), partNames: Object.keys(parts) };
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
