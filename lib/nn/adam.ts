import * as tf from '@tensorflow/tfjs-core';
import { requireRange } from '../base/index.js';
import { jit } from '../engine/index.js';
import { disposeTree, flatten, type ParameterTree, zerosLike } from './parameters.js';

/** Gradients by the dotted name of their parameter; a parameter without one stays as it is. */
export type Gradients = Map<string, tf.Tensor>;

/** All an optimiser knows beyond its settings: first and second moments as trees, and updates done so far. */
export interface AdamState {
  m: ParameterTree;
  v: ParameterTree;
  step: number;
}

/** Knobs of one update: the learning rate if not the optimiser's own, and a factor on every gradient (clipping). */
export interface UpdateOptions {
  learningRate?: number;
  gradientScale?: number;
}

/** Changes parameters by their gradients; the state is open, so that a checkpoint can hold it. */
export interface Optimiser {
  readonly name: string;
  readonly learningRate: number;
  readonly parameters: ParameterTree;
  readonly state: AdamState;
  step(gradients: Gradients, options?: UpdateOptions): void;
  /** Releases the state; the parameters are the caller's. */
  dispose(): void;
}

/** Settings of Adam, with the defaults of Kingma & Ba 2015. */
export interface AdamOptions {
  /** Default 1e-3; a schedule in the training loop overrides it. */
  learningRate?: number;
  beta1?: number;
  beta2?: number;
  epsilon?: number;
}

/** Settings of AdamW: those of Adam and the decay. */
export interface AdamWOptions extends AdamOptions {
  /** Default 0.01. Each step multiplies a weight by 1 − learningRate·weightDecay. */
  weightDecay?: number;
  /** Which parameters decay, by dotted name; default: all whose last part is `weight`. */
  decays?: (name: string) => boolean;
}

/** Adam (Kingma & Ba 2015, algorithm 1), epsilon outside the bias-corrected root, as PyTorch has it. */
export function adam(parameters: ParameterTree, options: AdamOptions = {}): Optimiser {
  return build('adam', parameters, { ...options, weightDecay: 0, decays: () => false });
}

/** Adam with decoupled weight decay (Loshchilov & Hutter 2019, algorithm 2). */
export function adamW(parameters: ParameterTree, options: AdamWOptions = {}): Optimiser {
  const { weightDecay = 0.01, decays = (name) => name.split('.').at(-1) === 'weight' } = options;
  return build('adamW', parameters, { ...options, weightDecay, decays });
}

interface Settings {
  beta1: number;
  beta2: number;
  epsilon: number;
  decays: (name: string) => boolean;
}

function build(
  name: string,
  parameters: ParameterTree,
  options: Required<Pick<AdamWOptions, 'weightDecay' | 'decays'>> & AdamOptions,
): Optimiser {
  const { learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay, decays } = options;
  requireRange('learningRate', learningRate, 0, Number.MAX_VALUE);
  requireRange('beta1', beta1, 0, 1 - Number.EPSILON);
  requireRange('beta2', beta2, 0, 1 - Number.EPSILON);
  requireRange('epsilon', epsilon, 0, Number.MAX_VALUE);
  requireRange('weightDecay', weightDecay, 0, Number.MAX_VALUE);
  const settings: Settings = { beta1, beta2, epsilon, decays };
  const state: AdamState = { m: zerosLike(parameters), v: zerosLike(parameters), step: 0 };
  const update = jit((gradients: Record<string, tf.Tensor>, factors: Factors) => {
    updateAll(parameters, state, gradients, settings, factors);
    return undefined;
  });
  return {
    name,
    learningRate,
    parameters,
    state,
    step: (gradients, { learningRate: rate = learningRate, gradientScale = 1 } = {}) => {
      state.step += 1;
      tf.tidy(() =>
        update(Object.fromEntries(gradients), {
          // The two bias corrections fold into the step size and the root's factor.
          rate: tf.scalar(rate / (1 - beta1 ** state.step)),
          root: tf.scalar(1 / Math.sqrt(1 - beta2 ** state.step)),
          ...(gradientScale !== 1 && { gradient: tf.scalar(gradientScale) }),
          ...(weightDecay !== 0 && { decay: tf.scalar(1 - rate * weightDecay) }),
        }),
      );
    },
    dispose: () => {
      disposeTree(state.m);
      disposeTree(state.v);
    },
  };
}

/** What changes from step to step, as scalars: factors on the step, the root, each gradient, each weight that decays. */
type Factors = { rate: tf.Tensor; root: tf.Tensor; gradient?: tf.Tensor; decay?: tf.Tensor };

function updateAll(
  parameters: ParameterTree,
  { m, v }: AdamState,
  gradients: Record<string, tf.Tensor>,
  { beta1, beta2, epsilon, decays }: Settings,
  factors: Factors,
): void {
  const [first, second] = [flatten(m), flatten(v)];
  for (const [name, variable] of flatten(parameters)) {
    const gradient = gradients[name];
    if (!gradient) continue;
    tf.tidy(() => {
      const [m, v] = [first.get(name)!, second.get(name)!];
      const g = factors.gradient ? tf.mul(gradient, factors.gradient) : gradient;
      m.assign(tf.add(tf.mul(m, beta1), tf.mul(g, 1 - beta1)));
      v.assign(tf.add(tf.mul(v, beta2), tf.mul(tf.square(g), 1 - beta2)));
      const root = tf.add(tf.mul(tf.sqrt(v), factors.root), epsilon);
      const change = tf.div(tf.mul(m, factors.rate), root);
      const kept = factors.decay && decays(name) ? tf.mul(variable, factors.decay) : variable;
      variable.assign(tf.sub(kept, change));
    });
  }
}
