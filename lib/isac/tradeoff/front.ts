import { InputError, requireInteger, requireRange } from '../../base/index.js';
import {
  type Allocation,
  allocatePower,
  allocationOf,
  type PowerFrame,
  type SensingGoal,
} from './allocation.js';

const [CHEAPEST, DEAREST] = [1e-9, 1e9];
const HALVINGS = 60;
/** Bits per channel use that mixing the last two optima may lose: the gap of duality is at most the prices' difference times theirs. */
const LOSS = 1e-10;

/**
 * The largest rate of all allocations with at least some information: maximise rate subject to a bound on the variance. By bisection
 * of the price that both sides agree on (the dual variable); between the last two prices, powers are mixed.
 * @param information from 0 to that of pure sensing
 * @throws InputError for more information than the frame can give, or a parameter out of range.
 */
export function bestUnder(frame: PowerFrame, goal: SensingGoal, information: number): Allocation {
  requireRange('information', information, 0, 1 + 1e-12);
  let below = allocatePower(frame, goal, 0);
  if (below.information >= information) return below;
  let above = allocatePower(frame, goal, Number.POSITIVE_INFINITY);
  if (information > above.information * (1 + 1e-9))
    throw new InputError(`information is ${information}; allowed: at most ${above.information}`);
  if (information >= above.information) return above;
  let [low, high] = [CHEAPEST, DEAREST];
  const gap = () => (high - low) * (above.information - below.information);
  for (let step = 0; step < HALVINGS && gap() > LOSS; step++) {
    const price = Math.sqrt(low * high);
    const tried = allocatePower(frame, goal, price);
    if (tried.information >= information) [above, high] = [tried, price];
    else [below, low] = [tried, price];
  }
  const part = (information - below.information) / (above.information - below.information);
  return allocationOf(
    frame,
    goal,
    below.power.map((p, at) => p + part * (above.power[at]! - p)),
  );
}

/**
 * The Pareto front from pure communication to pure sensing, at equal steps of information: no allocation has more of both.
 * @param count points, 2 to 1000
 * @throws InputError for a parameter out of range.
 */
export function paretoFront(frame: PowerFrame, goal: SensingGoal, count: number): Allocation[] {
  requireInteger('count', count, 2, 1000);
  const first = allocatePower(frame, goal, 0);
  const last = allocatePower(frame, goal, Number.POSITIVE_INFINITY);
  const step = (last.information - first.information) / (count - 1);
  const between = Array.from({ length: count - 2 }, (_, i) =>
    bestUnder(frame, goal, first.information + (i + 1) * step),
  );
  return [first, ...between, last];
}

/**
 * Some symbols from one allocation and the others from another, spread evenly.
 * @param symbols how many from `second`, 0 to all
 * @throws InputError for a parameter out of range.
 */
export function timeShared(
  frame: PowerFrame,
  goal: SensingGoal,
  [first, second]: readonly [Allocation, Allocation],
  symbols: number,
): Allocation {
  requireInteger('symbols', symbols, 0, frame.symbols);
  const steps = (m: number) => Math.floor((m * symbols) / frame.symbols + 0.5);
  const power = first.power.map((p, at) => {
    const m = at % frame.symbols;
    return steps(m + 1) > steps(m) ? second.power[at]! : p;
  });
  return allocationOf(frame, goal, power);
}
