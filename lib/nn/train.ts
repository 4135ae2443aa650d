import { existsSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { InputError, requireInteger, requireRange } from '../base/index.js';
import type { Rng } from '../math/index.js';
import { adam, type Optimiser } from './adam.js';
import { loadCheckpoint, saveCheckpoint, stateTree, type TrainingState } from './checkpoint.js';
import {
  type DrawnLoss,
  type Evaluation,
  evaluator,
  firstNonFinite,
  isBroken,
  type LossFunction,
  plainLoss,
  release,
} from './evaluation.js';
import { type MovingAverage, movingAverage } from './moving-average.js';
import { flatten, type ParameterTree } from './parameters.js';
import { type Progress, progressBar } from './progress.js';
import type { Schedule } from './schedules.js';

/** What a step came to. */
export interface StepReport {
  /** Counted from 0. */
  step: number;
  loss: number;
  parts: Record<string, number>;
  learningRate: number;
  /** Euclidean norm over all gradients, before clipping. */
  gradientNorm: number;
}

/** A training run. */
export interface TrainOptions {
  parameters: ParameterTree;
  /** In two parts (`DrawnLoss`) it is compiled where the engine can (see `jit`). */
  loss: LossFunction | DrawnLoss;
  /** Updates in all, those of a resumed run included. */
  steps: number;
  /** Step k draws from `rng.fork(k)`. */
  rng: Rng;
  /** Default Adam with its default settings, released at the end; one that is given stays the caller's. */
  optimiser?: Optimiser;
  /** Default the optimiser's own rate throughout. */
  schedule?: Schedule;
  /** Gradients whose global norm exceeds this are scaled down to it. */
  clipNorm?: number;
  /** Also keeps an exponential moving average of the weights. */
  ema?: { decay: number };
  /** Written every so many steps and at the end; `resume` (default false) goes on from the file if it exists. */
  checkpoint?: { path: string; everySteps: number; resume?: boolean };
  /** Steps between the rows of the returned history (default: about 200 rows). */
  logEvery?: number;
  /** Called after each update. */
  onStep?: (report: StepReport) => void | Promise<void>;
  /** Draws a progress bar on stderr, under this title if it is text (default false). */
  progress?: boolean | string;
  /** An AbortSignal or the like: ends the run after the step under way. */
  stop?: { readonly aborted: boolean };
}

/** What a run leaves besides the trained parameters. */
export interface TrainResult {
  /** Updates done in all. */
  step: number;
  /** Whether `stop` ended the run early. */
  stopped: boolean;
  /** Every `logEvery`-th step that this call made, and the final one of `steps`. */
  history: StepReport[];
  /** The averaged weights when `ema` was asked for; the caller disposes them. */
  average?: ParameterTree;
}

/** Training met a value that is not finite. The weights are the last ones whose loss and gradients were finite. */
export class TrainingDiverged extends InputError {
  /**
   * @param step the step that failed, from 0
   * @param tensor the first tensor with such a value: `gradient of encoder.weight`, `loss`, `batch`, …
   */
  constructor(
    readonly step: number,
    readonly tensor: string,
    detail: string,
  ) {
    super(
      `training diverged at step ${step}: ${tensor} is not finite (${detail}); try a lower learning rate or clipNorm`,
    );
  }
}

/**
 * Minimises a loss over the parameters.
 *
 * A run that resumes from a checkpoint equals an uninterrupted one bit for bit. A loss or gradient that is
 * not finite stops the run before it touches the weights, and no checkpoint is written of weights that have
 * not yet given a finite loss, except at the end, where the weights themselves are checked.
 * @throws InputError for bad options or an unfit checkpoint; TrainingDiverged for values that are not finite.
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  checkOptions(options);
  const own = options.optimiser ? undefined : adam(options.parameters);
  const run = new Run(options, options.optimiser ?? own!);
  try {
    return await run.complete();
  } finally {
    run.finish();
    own?.dispose();
  }
}

function checkOptions({ steps, clipNorm, logEvery, checkpoint }: TrainOptions): void {
  requireInteger('steps', steps, 0);
  if (clipNorm !== undefined) requireRange('clipNorm', clipNorm, Number.MIN_VALUE, Number.MAX_VALUE);
  if (logEvery !== undefined) requireInteger('logEvery', logEvery, 1);
  if (checkpoint) requireInteger('checkpoint.everySteps', checkpoint.everySteps, 1);
}

/** One call of `train`. */
class Run {
  private readonly variables: Map<string, tf.Variable>;
  private readonly evaluate: (step: number, rng: Rng) => Evaluation;
  private readonly averaged?: MovingAverage;
  private readonly state: TrainingState;
  private readonly history: StepReport[] = [];
  private readonly logEvery: number;
  private bar?: Progress;
  private lastGood?: Held;
  private handedOver = false;

  constructor(
    private readonly options: TrainOptions,
    private readonly optimiser: Optimiser,
  ) {
    const { parameters, loss, rng, ema, steps } = options;
    this.variables = flatten(parameters);
    this.evaluate = evaluator(loss, this.variables);
    if (ema) this.averaged = movingAverage(parameters, ema.decay);
    this.state = { parameters, optimiser, rng, ...(this.averaged && { average: this.averaged.tree }) };
    this.logEvery = options.logEvery ?? Math.max(1, Math.round(steps / 200));
  }

  async complete(): Promise<TrainResult> {
    const { steps, checkpoint, stop, progress } = this.options;
    const start =
      checkpoint?.resume && existsSync(checkpoint.path) ? loadCheckpoint(checkpoint.path, this.state) : 0;
    const title = typeof progress === 'string' ? progress : 'training';
    if (progress) this.bar = progressBar({ title, total: steps, start });
    let step = start;
    for (; step < steps && !stop?.aborted; step++) {
      await this.advance(step, step > start);
      // Without a turn of the event loop neither a signal nor a timer could end the run.
      await new Promise(setImmediate);
    }
    if (step > start) await this.conclude(step);
    this.handedOver = true;
    const average = this.averaged && { average: this.averaged.tree };
    return { step, stopped: step < steps, history: this.history, ...average };
  }

  /** One step: evaluate, judge, save what has proved good, update. */
  private async advance(step: number, isNew: boolean): Promise<void> {
    const { checkpoint, clipNorm, schedule, rng } = this.options;
    const learningRate = schedule ? schedule(step) : this.optimiser.learningRate;
    const evaluation = this.evaluate(step, rng);
    let report: StepReport;
    try {
      const values = (await evaluation.scalars.data()) as Float32Array;
      if (!values.every(Number.isFinite)) await this.diverge(step, evaluation, values, learningRate);
      report = reportOf(step, values, evaluation.partNames, learningRate);
      if (checkpoint && isNew && step % checkpoint.everySteps === 0)
        await saveCheckpoint(checkpoint.path, this.state, step);
      this.hold();
      const gradientScale = clipNorm && report.gradientNorm > clipNorm ? clipNorm / report.gradientNorm : 1;
      this.optimiser.step(evaluation.gradients, { learningRate, gradientScale });
      this.averaged?.update(step);
    } finally {
      release(evaluation);
    }
    this.record(report);
    await this.options.onStep?.(report);
  }

  private hold(): void {
    this.lastGood?.dispose();
    this.lastGood = hold(this.state);
  }

  private record(report: StepReport): void {
    const isLast = report.step === this.options.steps - 1;
    if (report.step % this.logEvery === 0 || isLast) this.history.push(report);
    const note = `loss ${report.loss.toPrecision(4)}, learning rate ${report.learningRate.toExponential(1)}`;
    this.bar?.update(report.step + 1, note);
  }

  private async diverge(
    step: number,
    evaluation: Evaluation,
    values: Float32Array,
    learningRate: number,
  ): Promise<never> {
    const { loss, rng } = this.options;
    const again = () => plainLoss(loss)(step, rng.fork(step));
    const tensor = await firstNonFinite({ variables: this.variables, evaluation, values, again });
    this.lastGood?.restore();
    throw new TrainingDiverged(step, tensor, `loss ${values[0]}, learning rate ${learningRate}`);
  }

  /** The last update has no next step to prove it, so its weights themselves are looked at. */
  private async conclude(step: number): Promise<void> {
    for (const [name, variable] of this.variables) {
      if (!(await isBroken(variable))) continue;
      this.lastGood?.restore();
      throw new TrainingDiverged(step, `parameter ${name}`, 'after the last update');
    }
    const { checkpoint } = this.options;
    if (checkpoint) await saveCheckpoint(checkpoint.path, this.state, step);
  }

  /** Releases what the run holds; the averaged weights too unless the caller has them. */
  finish(): void {
    this.bar?.stop();
    this.lastGood?.dispose();
    if (this.averaged && !this.handedOver) tf.dispose([...flatten(this.averaged.tree).values()]);
  }
}

function reportOf(step: number, values: Float32Array, partNames: string[], learningRate: number): StepReport {
  const parts = Object.fromEntries(partNames.map((name, index) => [name, values[index + 2]!]));
  return { step, loss: values[0]!, parts, learningRate, gradientNorm: Math.sqrt(values[1]!) };
}

/** A training state set aside. Tensors are immutable, so holding them copies nothing. */
interface Held {
  restore(): void;
  dispose(): void;
}

function hold(state: TrainingState): Held {
  const variables = [...flatten(stateTree(state)).values()];
  const held = variables.map((variable) => tf.keep(tf.clone(variable)));
  const { step } = state.optimiser.state;
  return {
    restore: () => {
      for (const [index, variable] of variables.entries()) variable.assign(held[index]!);
      state.optimiser.state.step = step;
    },
    dispose: () => tf.dispose(held),
  };
}
