import * as tf from '@tensorflow/tfjs-core';
import { requireRange } from '../base/index.js';
import { runFused } from './fused.js';
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
  weightDecay: number;
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
  const settings: Settings = { beta1, beta2, epsilon, weightDecay, decays };
  const state: AdamState = { m: zerosLike(parameters), v: zerosLike(parameters), step: 0 };
  return {
    name,
    learningRate,
    parameters,
    state,
    step: (gradients, update = {}) => {
      state.step += 1;
      updateAll(parameters, state, gradients, settings, { learningRate, gradientScale: 1, ...update });
    },
    dispose: () => {
      disposeTree(state.m);
      disposeTree(state.v);
    },
  };
}

function updateAll(
  parameters: ParameterTree,
  state: AdamState,
  gradients: Gradients,
  settings: Settings,
  { learningRate, gradientScale }: Required<UpdateOptions>,
): void {
  const first = flatten(state.m);
  const second = flatten(state.v);
  tf.tidy(() => {
    const factors = factorsOf(settings, learningRate, state.step);
    for (const [name, variable] of flatten(parameters)) {
      const gradient = gradients.get(name);
      if (!gradient) continue;
      const decay = settings.decays(name) ? learningRate * settings.weightDecay : 0;
      tf.tidy(() => {
        const x = decay === 0 ? variable : tf.mul(variable, 1 - decay);
        const dy = gradientScale === 1 ? gradient : tf.mul(gradient, gradientScale);
        updateOne(variable, { x, dy, m: first.get(name)!, v: second.get(name)! }, factors, settings);
      });
    }
  });
}

/** What an update multiplies by: tensors once for all parameters, not numbers for each. */
type Factors = Record<'rate' | 'beta1' | 'rest1' | 'beta2' | 'rest2' | 'epsilon', tf.Tensor>;

/** The two bias corrections fold into the step size and epsilon (Kingma & Ba 2015, section 2). */
function factorsOf({ beta1, beta2, epsilon }: Settings, learningRate: number, step: number): Factors {
  const correction = Math.sqrt(1 - beta2 ** step);
  return {
    rate: tf.scalar((learningRate * correction) / (1 - beta1 ** step)),
    beta1: tf.scalar(beta1),
    rest1: tf.scalar(1 - beta1),
    beta2: tf.scalar(beta2),
    rest2: tf.scalar(1 - beta2),
    epsilon: tf.scalar(epsilon * correction),
  };
}

/** What one parameter's update reads: its value after decay, its gradient and its moments. */
interface Update {
  x: tf.Tensor;
  dy: tf.Tensor;
  m: tf.Variable;
  v: tf.Variable;
}

function updateOne(variable: tf.Variable, update: Update, factors: Factors, settings: Settings): void {
  const { rate, epsilon } = factors;
  const { beta1, beta2 } = settings;
  const [value, m, v] =
    runFused('AdamStep', { ...update, rate, epsilon }, { beta1, beta2 }) ??
    computeUpdate(update, factors);
  variable.assign(value!);
  update.m.assign(m!);
  update.v.assign(v!);
}

function computeUpdate({ x, dy, m, v }: Update, f: Factors): [value: tf.Tensor, m: tf.Tensor, v: tf.Tensor] {
  const first = tf.add(tf.mul(m, f.beta1), tf.mul(dy, f.rest1));
  const second = tf.add(tf.mul(v, f.beta2), tf.mul(tf.square(dy), f.rest2));
  const root = tf.add(tf.sqrt(second), f.epsilon);
  return [tf.sub(x, tf.div(tf.mul(first, f.rate), root)), first, second];
}
