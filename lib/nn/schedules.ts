import { requireInteger, requireRange } from '../base/index.js';

/** The learning rate of a step; steps count from 0. */
export type Schedule = (step: number) => number;

const largest = Number.MAX_VALUE;

/** The same rate throughout. */
export function constantRate(rate: number): Schedule {
  requireRange('learning rate', rate, 0, largest);
  return () => rate;
}

/** From `from` at step 0 in a straight line to `to` at step `steps`, and `to` after it. */
export function linearRate({ from, to, steps }: { from: number; to: number; steps: number }): Schedule {
  requireRange('from', from, 0, largest);
  requireRange('to', to, 0, largest);
  requireInteger('steps', steps, 1);
  return (step) => from + (to - from) * Math.min(step / steps, 1);
}

/**
 * A linear rise from peak/warmUp to `peak` over `warmUp` steps, then half a cosine down to `floor` at step
 * `steps`, and `floor` after it (Loshchilov & Hutter 2017 without restarts).
 */
export function cosineRate(options: {
  peak: number;
  steps: number;
  warmUp?: number;
  floor?: number;
}): Schedule {
  const { peak, steps, warmUp = 0, floor = 0 } = options;
  requireRange('peak', peak, 0, largest);
  requireRange('floor', floor, 0, peak);
  requireInteger('steps', steps, 1);
  requireInteger('warmUp', warmUp, 0, steps - 1);
  return (step) => {
    if (step < warmUp) return (peak * (step + 1)) / warmUp;
    const done = Math.min((step - warmUp) / (steps - warmUp), 1);
    return floor + ((peak - floor) * (1 + Math.cos(Math.PI * done))) / 2;
  };
}

/** `rate`, multiplied by `factor` at each step listed in `at`. */
export function stepRate({
  rate,
  factor,
  at,
}: {
  rate: number;
  factor: number;
  at: readonly number[];
}): Schedule {
  requireRange('rate', rate, 0, largest);
  requireRange('factor', factor, 0, largest);
  for (const step of at) requireInteger('at', step, 0);
  return (step) => rate * factor ** at.filter((start) => step >= start).length;
}
