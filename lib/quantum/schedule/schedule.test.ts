import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rcpspCriticalEdf, rcpspNpEdf } from './dispatch.js';
import { scheduleMetrics, taskJitterSlots2 } from './metrics.js';
import { npEdf } from './periodic.js';
import { rcpspEdf } from './rcpsp.js';
import { jobEnd, jobStart, type Schedule, type Scheduler } from './schedule.js';
import { rcpspBudget } from './suspend.js';
import { blockTask, type Hold, hyperperiodSlots, jobsOf, type Step, type Task } from './task.js';
import { violations } from './verify.js';

const schedulers: Record<string, Scheduler> = {
  npEdf,
  rcpspEdf,
  rcpspNpEdf,
  rcpspCriticalEdf,
  budget: rcpspBudget(5),
};

const blocks = (...times: readonly (readonly [durationSlots: number, periodSlots: number])[]): Task[] =>
  times.map(([durationSlots, periodSlots], index) =>
    blockTask({ name: `task ${index}`, durationSlots, periodSlots }),
  );

const runs = ({ tasks, jobs }: Schedule) =>
  jobs.map((job) => [job.task, jobStart(job), jobEnd(job, tasks[job.task]!)]);

const kinds = (schedule: Schedule) => violations(schedule).map(({ kind }) => kind);

describe('NP-EDF on one processor', () => {
  it('misses a deadline of (2,4) and (6,12) as published', () => {
    const schedule = npEdf(blocks([2, 4], [6, 12]));
    expect(runs(schedule)).toEqual([
      [0, 0, 2],
      [1, 2, 8],
      [0, 8, 10],
      [0, 10, 12],
    ]);
    expect(kinds(schedule)).toEqual(['deadline']);
    expect(taskJitterSlots2(schedule, 0)).toBe(9);
    const { throughputPerSec, worstResponseSlots, jitterSlots2 } = scheduleMetrics(schedule, 0.01);
    expect(jitterSlots2).toBe(9);
    expect(worstResponseSlots).toBe(8);
    expect(throughputPerSec).toBeCloseTo(3 / 0.12, 12);
  });

  it('schedules (2,4) twice', () => {
    const schedule = npEdf(blocks([2, 4], [2, 4]));
    expect(runs(schedule)).toEqual([
      [0, 0, 2],
      [1, 2, 4],
    ]);
    expect(violations(schedule)).toEqual([]);
  });

  it('waits for the next release when it has nothing to do', () => {
    expect(runs(npEdf(blocks([1, 5]))).concat(runs(npEdf(blocks([1, 2], [1, 3]))))).toEqual([
      [0, 0, 1],
      [0, 0, 1],
      [1, 1, 2],
      [0, 2, 3],
      [1, 3, 4],
      [0, 4, 5],
    ]);
  });
});

describe('the verifier', () => {
  const tasks = blocks([2, 4], [2, 4]);
  const forged = (...startSlots: number[]): Schedule => ({
    ...npEdf(tasks),
    jobs: startSlots.map((slot, task) => ({ task, job: 0, startSlots: [slot] })),
  });

  it('rejects overlaps, and accepts neighbours', () => {
    expect(kinds(forged(0, 1))).toEqual(['overlap']);
    expect(kinds(forged(0, 0))).toEqual(['overlap']);
    expect(kinds(forged(2, 0))).toEqual([]);
  });

  it('rejects an overlap with a long job that began before others', () => {
    const three = blocks([6, 8], [1, 8], [1, 8]).map((task, index) =>
      index === 1 ? { ...task, steps: task.steps.map((step) => ({ ...step, resources: ['else'] })) } : task,
    );
    const jobs = [0, 1, 5].map((slot, task) => ({ task, job: 0, startSlots: [slot] }));
    expect(kinds({ ...npEdf(three), jobs })).toEqual(['overlap']);
  });

  it('rejects missed releases and deadlines', () => {
    expect(kinds(forged(-1, 1))).toEqual(['release']);
    expect(kinds(forged(0, 3))).toEqual(['deadline']);
  });

  it('rejects jobs that are missing, twice there, or none of the tasks', () => {
    const good = forged(0, 2);
    expect(kinds({ ...good, jobs: good.jobs.slice(1) })).toEqual(['missing']);
    expect(kinds({ ...good, jobs: [...good.jobs, good.jobs[0]!] })).toContain('malformed');
    expect(kinds({ ...good, jobs: [...good.jobs, { task: 7, job: 0, startSlots: [0] }] })).toEqual([
      'malformed',
    ]);
    expect(kinds({ ...good, jobs: [...good.jobs, { task: 0, job: 1, startSlots: [5] }] })).toEqual([
      'malformed',
    ]);
    expect(kinds({ ...good, hyperperiodSlots: 8 })).toEqual(['malformed']);
  });

  it('rejects steps out of order, and a job suspended for too long', () => {
    const step = (name: string, startSlot: number, after: number[]): Step => ({
      name,
      startSlot,
      durationSlots: 2,
      after,
      resources: [`${name} qubit`],
    });
    const chain: Task = {
      name: 'chain',
      periodSlots: 10,
      steps: [step('first', 0, []), step('second', 2, [0])],
      holds: [],
    };
    const at = (startSlots: number[], suspensionSlots = 0): Schedule => ({
      scheduler: 'hand',
      tasks: [chain],
      hyperperiodSlots: 10,
      jobs: [{ task: 0, job: 0, startSlots }],
      suspensionSlots,
    });
    expect(kinds(at([3, 5]))).toEqual([]);
    expect(kinds(at([3, 4]))).toEqual(['precedence']);
    expect(kinds(at([0, 5]))).toEqual(['suspension']);
    expect(kinds(at([0, 5], 3))).toEqual([]);
    expect(kinds(at([0]))).toEqual(['malformed', 'missing']);
  });
});

describe('hyperperiods', () => {
  it('are least common multiples', () => {
    expect(hyperperiodSlots(blocks([1, 4], [1, 6], [1, 10]))).toBe(60);
    expect(jobsOf(blocks([1, 4], [1, 6])).length).toBe(5);
  });

  it('are refused where they overflow, or hold too many jobs', () => {
    const primes = [9973, 9967, 9949, 9941, 9931];
    expect(() => hyperperiodSlots(blocks(...primes.map((prime): [number, number] => [1, prime])))).toThrow(
      /^hyperperiod of 5 periods is past 2\^53 - 1 slots at task task 3 \(period 9941\)/,
    );
    expect(() => jobsOf(blocks([1, 1], [1, 2_000_003]))).toThrow('2000004 jobs; allowed: at most 1000000');
    expect(() => hyperperiodSlots([])).toThrow('0 tasks');
    expect(() => blockTask({ name: 'a', durationSlots: 0, periodSlots: 2 })).toThrow(
      'durationSlots of a is 0',
    );
  });
});

/** A chain of steps on a few qubits, each result held on a qubit of its own until the step after next has used it. */
const chainTask = (name: string) =>
  fc
    .record({
      periodSlots: fc.constantFrom(6, 8, 12, 24),
      steps: fc.array(fc.record({ durationSlots: fc.integer({ min: 1, max: 3 }), qubit: fc.nat(3) }), {
        minLength: 1,
        maxLength: 3,
      }),
      held: fc.nat(3),
    })
    .map(({ periodSlots, steps, held }): Task => {
      let startSlot = 0;
      const planned = steps.map(({ durationSlots, qubit }, index): Step => {
        const step: Step = {
          name: `step ${index}`,
          startSlot,
          durationSlots,
          after: index > 0 ? [index - 1] : [],
          resources: [`qubit ${qubit}`],
        };
        startSlot += durationSlots;
        return step;
      });
      const holds: Hold[] =
        steps.length > 1 ? [{ resource: `store ${held}`, from: 0, until: steps.length - 1 }] : [];
      return { name, periodSlots, steps: planned, holds };
    });

const taskSets = fc
  .integer({ min: 1, max: 4 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => chainTask(`task ${index}`))));

describe('any scheduler on any tasks', () => {
  it.each(Object.keys(schedulers))('%s breaks no promise but to place all jobs in time', (name) => {
    fc.assert(
      fc.property(taskSets, (tasks) => {
        const allowed = name === 'npEdf' ? ['deadline'] : ['missing'];
        expect(kinds(schedulers[name]!(tasks)).filter((kind) => !allowed.includes(kind))).toEqual([]);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('keeps to one job at a time where the network is one processor', () => {
    fc.assert(
      fc.property(taskSets, (tasks) => {
        const asBlocks = npEdf(tasks).jobs;
        const sorted = [...asBlocks].sort((a, b) => jobStart(a) - jobStart(b));
        for (const [index, job] of sorted.slice(1).entries())
          expect(jobStart(job)).toBeGreaterThanOrEqual(jobEnd(sorted[index]!, tasks[sorted[index]!.task]!));
      }),
      { seed: 1 },
    );
  });

  it('places with a budget whatever it places without, one task alone', () => {
    fc.assert(
      fc.property(chainTask('alone'), (task) => {
        expect(rcpspBudget(4)([task]).jobs).toEqual(rcpspEdf([task]).jobs);
      }),
      { seed: 1 },
    );
  });
});

/** Whether any non-preemptive order of the jobs on one processor keeps all deadlines, idle time allowed. */
function feasibleByEnumeration(tasks: readonly Task[]): boolean {
  const jobs = jobsOf(tasks);
  const duration = (task: number) => tasks[task]!.steps[0]!.durationSlots;
  const extend = (left: readonly (typeof jobs)[number][], now: number): boolean =>
    left.length === 0 ||
    left.some((job) => {
      const end = Math.max(now, job.releaseSlot) + duration(job.task);
      return (
        end <= job.deadlineSlot &&
        extend(
          left.filter((other) => other !== job),
          end,
        )
      );
    });
  return extend(jobs, 0);
}

const tinySets = (most: number) =>
  fc.array(fc.tuple(fc.integer({ min: 1, max: most }), fc.constantFrom(2, 3, 4, 6)), {
    minLength: 1,
    maxLength: 3,
  });

describe('NP-EDF against all orders of tiny sets', () => {
  it('is never feasible where no order is', () => {
    fc.assert(
      fc.property(tinySets(3), (times) => {
        const tasks = blocks(...times);
        if (violations(npEdf(tasks)).length === 0) expect(feasibleByEnumeration(tasks)).toBe(true);
      }),
      { seed: 1 },
    );
  });

  it('finds a schedule whenever there is one, for jobs of one slot', () => {
    fc.assert(
      fc.property(tinySets(1), (times) => {
        const tasks = blocks(...times);
        expect(violations(npEdf(tasks)).length === 0).toBe(feasibleByEnumeration(tasks));
      }),
      { seed: 1 },
    );
  });

  it("finds one for every set that meets Jeffay's condition", () => {
    fc.assert(
      fc.property(tinySets(3), (times) => {
        const tasks = blocks(...times);
        if (meetsJeffay(times)) expect(violations(npEdf(tasks))).toEqual([]);
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});

/**
 * Jeffay, Stanat and Martel 1991: utilisation at most one, and for each task i (by period) and T_1 < L < T_i,
 * L >= C_i + sum over j < i of floor((L - 1) / T_j) C_j.
 */
function meetsJeffay(times: readonly (readonly [number, number])[]): boolean {
  const sorted = [...times].sort((a, b) => a[1] - b[1]);
  if (sorted.reduce((sum, [c, t]) => sum + c / t, 0) > 1 + 1e-12) return false;
  return sorted.every(([c, t], i) => {
    for (let length = sorted[0]![1] + 1; length < t; length++) {
      const demand = sorted
        .slice(0, i)
        .reduce((sum, [cj, tj]) => sum + Math.floor((length - 1) / tj) * cj, c);
      if (length < demand) return false;
    }
    return true;
  });
}

describe('many resources', () => {
  const on = (name: string, durationSlots: number, periodSlots: number, ...resources: string[]) =>
    blockTask({ name, durationSlots, periodSlots, resources });

  it('run at once what shares no qubit', () => {
    const tasks = [on('a', 3, 4, 'left'), on('b', 3, 4, 'right')];
    expect(kinds(npEdf(tasks))).toEqual(['deadline']);
    for (const scheduler of [rcpspEdf, rcpspNpEdf, rcpspCriticalEdf])
      expect(violations(scheduler(tasks))).toEqual([]);
  });

  it('wait for a critical job where plain NP-EDF lets a long one block it', () => {
    // Plain NP-EDF starts the long job at 3, and the short one that is released at 4 must start by 7.
    const tasks = [on('short', 1, 4, 'q'), on('middle', 2, 12, 'q'), on('long', 5, 24, 'q')];
    expect(kinds(npEdf(tasks))).toEqual(['deadline']);
    expect(kinds(rcpspNpEdf(tasks))).toEqual(['missing']);
    expect(violations(rcpspCriticalEdf(tasks))).toEqual([]);
  });

  it('suspend a job within its budget where it fits no other way', () => {
    const step = (startSlot: number, durationSlots: number, after: number[], resource: string): Step => ({
      name: resource,
      startSlot,
      durationSlots,
      after,
      resources: [resource],
    });
    const pair: Task = {
      name: 'pair',
      periodSlots: 8,
      steps: [step(0, 2, [], 'p'), step(2, 2, [0], 'q')],
      holds: [{ resource: 'store', from: 0, until: 1 }],
    };
    const tasks = [on('often', 2, 4, 'q'), on('blocks p', 4, 8, 'p'), pair];
    expect(violations(rcpspBudget(2)(tasks))).toEqual([]);
    const early = [on('often', 1, 2, 'q'), { ...pair, steps: [step(0, 2, [], 'p'), step(2, 1, [0], 'q')] }];
    expect(violations(rcpspBudget(1)(early))).toEqual([]);
    const [job] = rcpspBudget(1)(early).jobs.filter(({ task }) => task === 1);
    expect(job!.startSlots).toEqual([0, 3]);
    expect(jobStart(rcpspEdf(early).jobs.find(({ task }) => task === 1)!)).toBe(1);
  });
});
