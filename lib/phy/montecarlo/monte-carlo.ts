import { InputError, requireInteger } from '../../base/index.js';
import { Rng, wilsonInterval } from '../../math/index.js';
import type { Batch, Counts, EstimatedRate, StopRule, TrialRunner, Trials } from './types.js';

/** Settings of a simulation. */
export interface MonteCarloOptions {
  /** Names the streams; it is not moved, so the same stream gives the same counts again. */
  readonly rng: Rng;
  readonly stop: StopRule;
  /** Trials a batch. Part of what decides the counts, unlike the number of workers. */
  readonly batchTrials: number;
  readonly signal?: AbortSignal;
  /** Share done, 0 to 1: of the target or of the trials, whichever is further. */
  readonly onProgress?: (share: number) => void;
}

/** What was counted until the stop rule held. */
export interface MonteCarloResult {
  readonly trials: number;
  readonly batches: number;
  readonly counts: Counts;
  /** Whether the target was reached; otherwise the trials ran out. */
  readonly reachedTarget: boolean;
  /** The stop rule in words, for a measurement. */
  readonly stopRule: string;
  /**
   * Counts per unit, with Wilson's 95 % interval.
   * @param unitsPerTrial how often the counter can count in one trial: 1 for blocks, k for bits
   * @param squares the counter that sums the squares of each trial's counts, where units of one trial (bits of a
   *   decoded block) fail together: the interval then widens by the root of the design effect (Kish 1965)
   * @throws InputError for a counter that the trials do not give.
   */
  rate(counter: string, unitsPerTrial?: number, squares?: string): EstimatedRate;
}

/**
 * Estimates error rates by simulation. Batches have streams of their own, and the stop rule looks at them in the order
 * of their index: what is counted depends on the stream, the rule and the batch size, and neither on the number of
 * workers nor on the order in which they finish. Batches beyond the one that fulfils the rule are dropped.
 * @throws InputError when a setting is out of range, or a batch gives no such counts.
 */
export async function monteCarlo(
  simulation: Trials | TrialRunner,
  options: MonteCarloOptions,
): Promise<MonteCarloResult> {
  const { rng, stop, batchTrials, signal, onProgress } = options;
  requireInteger('target', stop.target, 1);
  requireInteger('maxTrials', stop.maxTrials, 1);
  requireInteger('batchTrials', batchTrials, 1);
  const runner = typeof simulation === 'function' ? inThisThread(simulation) : simulation;
  const tally = new Tally(stop, batchTrials);
  const key = keyOf(rng);
  let next = 0;
  let failed = false;
  const lane = async () => {
    while (!failed && !tally.done && next * batchTrials < stop.maxTrials) {
      signal?.throwIfAborted();
      const index = next++;
      tally.add(index, await runner.run({ key, index, trials: tally.trialsOf(index) }));
      onProgress?.(tally.share());
    }
  };
  const watched = () =>
    lane().catch((error: unknown) => {
      failed = true;
      throw error;
    });
  await Promise.all(Array.from({ length: runner.parallel }, watched));
  return tally;
}

/** Runs one batch with the stream that its key and index name. */
export async function runBatch(trials: Trials, { key, index, trials: count }: Batch): Promise<Counts> {
  return trials(Rng.of(key).fork(index), count);
}

function inThisThread(trials: Trials): TrialRunner {
  return { parallel: 1, run: (batch) => runBatch(trials, batch) };
}

/** 128 bits that stand for the stream where a stream itself cannot go: in another thread. */
function keyOf(rng: Rng): string {
  const stream = rng.fork('monte-carlo');
  return Array.from({ length: 4 }, () => stream.uint32().toString(16).padStart(8, '0')).join('');
}

/** Adds batches up in the order of their index. */
class Tally implements MonteCarloResult {
  readonly counts: Record<string, number> = {};
  trials = 0;
  batches = 0;
  private readonly waiting = new Map<number, Counts>();

  constructor(
    private readonly stop: StopRule,
    private readonly batchTrials: number,
  ) {}

  get reachedTarget(): boolean {
    return (this.counts[this.stop.counter] ?? 0) >= this.stop.target;
  }

  get done(): boolean {
    return this.reachedTarget || this.trials >= this.stop.maxTrials;
  }

  get stopRule(): string {
    const { counter, target, maxTrials } = this.stop;
    const words = counter.replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
    return `${target} ${words} or ${maxTrials} trials, in batches of ${this.batchTrials}`;
  }

  /** The last batch holds what is left of the trials allowed. */
  trialsOf(index: number): number {
    return Math.min(this.batchTrials, this.stop.maxTrials - index * this.batchTrials);
  }

  add(index: number, counts: Counts): void {
    this.waiting.set(index, requireCounts(counts, this.stop.counter));
    for (let ready = this.waiting.get(this.batches); ready && !this.done; ) {
      for (const [name, count] of Object.entries(ready)) {
        this.counts[name] = (this.counts[name] ?? 0) + count;
      }
      this.trials += this.trialsOf(this.batches);
      this.waiting.delete(this.batches);
      this.batches++;
      ready = this.waiting.get(this.batches);
    }
  }

  share(): number {
    const { counter, target, maxTrials } = this.stop;
    return Math.min(1, Math.max((this.counts[counter] ?? 0) / target, this.trials / maxTrials));
  }

  rate(counter: string, unitsPerTrial = 1, squares?: string): EstimatedRate {
    requireInteger('unitsPerTrial', unitsPerTrial, 1);
    const errors = this.count(counter);
    const units = this.trials * unitsPerTrial;
    const value = errors / units;
    const [low, high] = wilsonInterval(errors, units);
    if (squares === undefined) return { value, ci95: [low, high] };
    const perTrial = errors / this.trials;
    const spread = this.count(squares) / this.trials - perTrial * perTrial;
    const independent = unitsPerTrial * value * (1 - value);
    const widen = independent > 0 ? Math.sqrt(Math.max(1, spread / independent)) : 1;
    return {
      value,
      ci95: [Math.max(0, value - (value - low) * widen), Math.min(1, value + (high - value) * widen)],
    };
  }

  private count(name: string): number {
    const count = this.counts[name];
    if (count !== undefined) return count;
    throw new InputError(`counter ${name}; allowed: ${Object.keys(this.counts).join(', ')}`);
  }
}

function requireCounts(counts: Counts, watched: string): Counts {
  if (!(watched in counts)) {
    throw new InputError(
      `the stop rule watches ${watched}; allowed: what the trials count, ${Object.keys(counts).join(', ')}`,
    );
  }
  for (const [name, count] of Object.entries(counts)) requireInteger(`count of ${name}`, count, 0);
  return counts;
}
