import type { Rng } from '../../math/index.js';

/** What trials counted, by name: `{ bitErrors: 12, blockErrors: 1, iterations: 340 }`; integers from 0. */
export type Counts = Readonly<Record<string, number>>;

/** Simulates so many trials, drawing from the stream given only, and counts. */
export type Trials = (rng: Rng, trials: number) => Counts | Promise<Counts>;

/** One batch: its stream is a function of key and index, so it may run anywhere and at any time. */
export interface Batch {
  readonly key: string;
  readonly index: number;
  readonly trials: number;
}

/** Where batches run: in this thread, or on others. */
export interface TrialRunner {
  /** How many batches it runs at a time. */
  readonly parallel: number;
  run(batch: Batch): Promise<Counts>;
}

/** Ends a simulation at so many counts of one counter, and at so many trials in any case. */
export interface StopRule {
  /** The counter watched, `blockErrors`. */
  readonly counter: string;
  /** Counts to reach; 100 make a rate certain to about +-20 %. */
  readonly target: number;
  readonly maxTrials: number;
}

/** An estimated rate with its 95 % interval. */
export interface EstimatedRate {
  value: number;
  ci95: [low: number, high: number];
}
