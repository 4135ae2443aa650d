import * as tf from '@tensorflow/tfjs-core';
import { requireRange } from '../base/index.js';
import { jit } from '../engine/index.js';
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
  const settings: Settings = { beta1, beta2, decays };
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
      // The two bias corrections fold into the step size and epsilon (Kingma & Ba 2015, section 2).
      const correction = Math.sqrt(1 - beta2 ** state.step);
      tf.tidy(() =>
        update(Object.fromEntries(gradients), {
          rate: tf.scalar((rate * correction) / (1 - beta1 ** state.step)),
          epsilon: tf.scalar(epsilon * correction),
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

/** What changes from step to step, as scalars: the step, epsilon, factors on each gradient and each weight that decays. */
type Factors = { rate: tf.Tensor; epsilon: tf.Tensor; gradient?: tf.Tensor; decay?: tf.Tensor };

function updateAll(
  parameters: ParameterTree,
  state: AdamState,
  gradients: Record<string, tf.Tensor>,
  settings: Settings,
  factors: Factors,
): void {
  const first = flatten(state.m);
  const second = flatten(state.v);
  tf.tidy(() => {
    const updates = [...flatten(parameters)].flatMap(([name, variable]): Update[] => {
      const gradient = gradients[name];
      if (!gradient) return [];
      const x = factors.decay && settings.decays(name) ? tf.mul(variable, factors.decay) : variable;
      const dy = factors.gradient ? tf.mul(gradient, factors.gradient) : gradient;
      return [{ variable, x, dy, m: first.get(name)!, v: second.get(name)! }];
    });
    const [small, large] = [true, false].map((isSmall) =>
      updates.filter(({ variable }) => variable.size <= mostTogether === isSmall),
    ) as [Update[], Update[]];
    if (small.length > 0) updateTogether(small, factors, settings);
    for (const update of large) assign(update, compute(update, factors, settings));
  });
}

/** Elements of a parameter up to which it is updated together with others: one kernel for all costs less. */
const mostTogether = 2 ** 15;

/** What an update reads: the value after decay, its gradient and its moments. */
interface Operands {
  x: tf.Tensor;
  dy: tf.Tensor;
  m: tf.Tensor;
  v: tf.Tensor;
}

interface Update extends Operands {
  variable: tf.Variable;
  m: tf.Variable;
  v: tf.Variable;
}

type Updated = [value: tf.Tensor, m: tf.Tensor, v: tf.Tensor];

function compute({ x, dy, m, v }: Operands, factors: Factors, settings: Settings): Updated {
  const { rate, epsilon } = factors;
  const { beta1, beta2 } = settings;
  const fused = runFused('AdamStep', { x, m, v, dy, rate, epsilon }, { beta1, beta2 });
  return (fused as Updated | undefined) ?? computeUpdate({ x, dy, m, v }, factors, settings);
}

function assign({ variable, m, v }: Update, [value, first, second]: Updated): void {
  variable.assign(value);
  m.assign(first);
  v.assign(second);
}

/** Updates parameters as one vector. */
function updateTogether(updates: readonly Update[], factors: Factors, settings: Settings): void {
  const joined = (name: keyof Operands) =>
    tf.concat(updates.map((update) => tf.reshape(update[name], [-1])) as tf.Tensor1D[]);
  const all = { x: joined('x'), dy: joined('dy'), m: joined('m'), v: joined('v') };
  const sizes = updates.map(({ variable }) => variable.size);
  const parts = compute(all, factors, settings).map((result) => tf.split(result, sizes));
  for (const [i, update] of updates.entries()) {
    assign(update, parts.map((part) => tf.reshape(part[i]!, update.variable.shape)) as Updated);
  }
}

function computeUpdate(
  { x, dy, m, v }: Operands,
  { rate, epsilon }: Factors,
  { beta1, beta2 }: Settings,
): Updated {
  const first = tf.add(tf.mul(m, beta1), tf.mul(dy, 1 - beta1));
  const second = tf.add(tf.mul(v, beta2), tf.mul(tf.square(dy), 1 - beta2));
  const denominator = tf.add(tf.sqrt(second), epsilon);
  return [tf.sub(x, tf.div(tf.mul(first, rate), denominator)), first, second];
}
