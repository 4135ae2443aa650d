/** Error rates by simulation, with the same counts on any number of workers. */
export type { MonteCarloOptions, MonteCarloResult } from './monte-carlo.js';
export { monteCarlo } from './monte-carlo.js';
export { type TrialThreads, trialThreads } from './threads.js';
export type { Batch, Counts, EstimatedRate, StopRule, TrialRunner, Trials } from './types.js';
