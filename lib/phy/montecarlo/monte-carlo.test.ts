import { afterAll, describe, expect, it } from 'vitest';
import { InputError } from '../../base/index.js';
import { Rng } from '../../math/index.js';
import { monteCarlo, type TrialRunner, type Trials, type TrialThreads, trialThreads } from './index.js';
import { runBatch } from './monte-carlo.js';
import { blockTrials } from './testing.js';

const module = new URL('./testing.ts', import.meta.url).href;
const params = { bits: 20, errorRate: 0.01 };
const options = {
  rng: Rng.of('simulation'),
  stop: { counter: 'blockErrors', target: 150, maxTrials: 5000 },
  batchTrials: 64,
};

/** Finishes batches in a shuffled order, several at a time. */
function shuffled(trials: Trials, parallel: number): TrialRunner {
  const order = Rng.of('order');
  let waiting: (() => void)[] = [];
  return {
    parallel,
    async run(batch) {
      const counts = await runBatch(trials, batch);
      await new Promise<void>((done) => {
        waiting.push(done);
        if (waiting.length < 2) setTimeout(flush, 1);
      });
      return counts;
    },
  };
  function flush(): void {
    const ready = waiting;
    waiting = [];
    for (const index of order.permutation(ready.length)) ready[index]!();
  }
}

const threads: TrialThreads[] = [];
const open = (workers: number, factory = 'blockTrials') => {
  const one = trialThreads({ module, factory, workers });
  threads.push(one);
  return one;
};
afterAll(async () => {
  await Promise.all(threads.map((one) => one.close()));
});

describe('the counts', () => {
  it('are the same in this thread, on 1 and 2 workers, and in any order of completion', async () => {
    const here = await monteCarlo(blockTrials(params), options);
    expect(here.reachedTarget).toBe(true);
    expect(here.trials).toBeLessThan(5000);
    const others = [
      shuffled(blockTrials(params), 5),
      shuffled(blockTrials(params), 16),
      open(1).runner(params),
      open(2).runner(params),
    ];
    for (const runner of others) {
      const { counts, trials, batches } = await monteCarlo(runner, options);
      expect({ counts, trials, batches }).toEqual({
        counts: here.counts,
        trials: here.trials,
        batches: here.batches,
      });
    }
  });

  it('stop at the first batch, in order, that reaches the target', async () => {
    const every = await monteCarlo(
      shuffled(() => ({ blockErrors: 10 }), 7),
      options,
    );
    expect(every.counts.blockErrors).toBe(150);
    expect(every.trials).toBe(15 * 64);
  });

  it('stop at the trials allowed, the last batch being smaller', async () => {
    const sizes: number[] = [];
    const none: Trials = (_, trials) => {
      sizes.push(trials);
      return { blockErrors: 0 };
    };
    const result = await monteCarlo(none, { ...options, stop: { ...options.stop, maxTrials: 200 } });
    expect(sizes).toEqual([64, 64, 64, 8]);
    expect(result.trials).toBe(200);
    expect(result.reachedTarget).toBe(false);
    expect(result.stopRule).toBe('150 block errors or 200 trials, in batches of 64');
    // Rule of three and a bit: Wilson's upper end at 0 of 200 is z^2 / (n + z^2).
    expect(result.rate('blockErrors')).toEqual({ value: 0, ci95: [0, expect.closeTo(3.8415 / 203.8415, 5)] });
  });

  it('tell how far they are, and end when asked to', async () => {
    const shares: number[] = [];
    const stop = new AbortController();
    const run = monteCarlo(blockTrials(params), {
      ...options,
      signal: stop.signal,
      onProgress: (share) => {
        shares.push(share);
        if (shares.length === 3) stop.abort();
      },
    });
    await expect(run).rejects.toThrow('abort');
    expect(shares).toHaveLength(3);
    expect(shares[2]).toBeGreaterThan(shares[0]!);
  });
});

describe('the intervals', () => {
  it('of block and bit error rates hold the truth in about 95 of 100 simulations', async () => {
    const blockRate = 1 - (1 - params.errorRate) ** params.bits;
    const runs = 400;
    let [blocks, bits] = [0, 0];
    for (let run = 0; run < runs; run++) {
      const result = await monteCarlo(blockTrials(params), {
        rng: Rng.of('coverage').fork(run),
        stop: { counter: 'blockErrors', target: 40, maxTrials: 2000 },
        batchTrials: 20,
      });
      const holds = ([low, high]: readonly number[], truth: number) => low! < truth && truth < high!;
      blocks += Number(holds(result.rate('blockErrors').ci95, blockRate));
      bits += Number(holds(result.rate('bitErrors', params.bits, 'bitErrorsSquared').ci95, params.errorRate));
    }
    // 0.95 +- 4 standard errors of 400 runs; stopping at a target biases by less than that.
    for (const held of [blocks, bits]) expect(Math.abs(held / runs - 0.95)).toBeLessThan(4 * 0.0109);
  });

  it('widen by the root of the design effect where the bits of a block fail together', async () => {
    const allOrNone: Trials = (rng, trials) => {
      let bad = 0;
      for (let trial = 0; trial < trials; trial++) bad += Number(rng.uniform() < 0.1);
      return { blockErrors: bad, bitErrors: 100 * bad, squares: 10_000 * bad };
    };
    const result = await monteCarlo(allOrNone, options);
    const [naive, honest] = [result.rate('bitErrors', 100), result.rate('bitErrors', 100, 'squares')];
    const width = ({ ci95: [low, high] }: typeof naive) => high - low;
    expect(honest.value).toBe(naive.value);
    expect(width(honest) / width(naive)).toBeCloseTo(10, 1);
    expect(width(honest) / width(result.rate('blockErrors'))).toBeCloseTo(1, 1);
  });
});

describe('what goes wrong', () => {
  it('in a thread reaches the caller as it was', async () => {
    const broken = open(1, 'brokenTrials');
    const asInput = monteCarlo(broken.runner({ isInput: true }), options);
    await expect(asInput).rejects.toThrow(new InputError('no such code'));
    await expect(monteCarlo(broken.runner({ isInput: false }), options)).rejects.toThrow(Error);
    const missing = open(1, 'nothing').runner({});
    await expect(monteCarlo(missing, options)).rejects.toThrow('exports no function nothing');
  });

  it.each([
    [{ stop: { ...options.stop, target: 0 } }, 'target is 0'],
    [{ stop: { ...options.stop, maxTrials: 0.5 } }, 'maxTrials is 0.5'],
    [{ batchTrials: Number.NaN }, 'batchTrials is NaN'],
    [
      { stop: { ...options.stop, counter: 'frames' } },
      'the stop rule watches frames; allowed: what the trials count',
    ],
  ])('%#: wrong settings get one clear line', async (wrong, message) => {
    await expect(monteCarlo(blockTrials(params), { ...options, ...wrong })).rejects.toThrow(message);
  });

  it('is said of counts and counters too', async () => {
    await expect(monteCarlo(() => ({ blockErrors: Number.NaN }), options)).rejects.toThrow(
      'count of blockErrors is NaN',
    );
    const result = await monteCarlo(blockTrials(params), options);
    expect(() => result.rate('frames')).toThrow('counter frames; allowed: bitErrors');
    expect(() => trialThreads({ module, factory: 'x', workers: 0 })).toThrow('workers is 0');
  });
});
