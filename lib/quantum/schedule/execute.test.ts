import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { admit } from './admit.js';
import { type DemandPlan, planDemand } from './demand.js';
import { executeSchedule } from './execute.js';
import { expectedOutcome } from './outcome.js';
import { npEdf } from './periodic.js';
import { rcpspEdf } from './rcpsp.js';
import type { Scheduler } from './schedule.js';
import { blockTask } from './task.js';
import { smallNetwork } from './topologies.js';

const slotSec = 0.01;

function plansOn(storageLifetimeSec: number): DemandPlan[] {
  const network = smallNetwork('h');
  const demands = [
    { source: 'A', destination: 'B', minFidelity: 0.8, ratePerSec: 0.25 },
    { source: 'A', destination: 'D', minFidelity: 0.55, ratePerSec: 0.4 },
    { source: 'L', destination: 'R', minFidelity: 0.85, ratePerSec: 1 },
  ];
  return demands.map((demand) => planDemand(network, demand, { slotSec, storageLifetimeSec })!);
}

describe('executing a schedule', () => {
  it.each([Infinity, 20])('delivers at the rate and fidelity planned; storage lifetime %f s', (lifetime) => {
    const plans = plansOn(lifetime);
    const schedule = rcpspEdf(plans.map(({ task }) => task));
    const options = { hyperperiods: 5000, slotSec, storageLifetimeSec: lifetime };
    const deliveries = executeSchedule(schedule, plans, options, Rng.of('execution'));
    for (const [index, { jobs, delivered, fidelity, deliveredPerSec }] of deliveries.entries()) {
      const plan = plans[index]!;
      const { successProbability: p, fidelity: f } = plan;
      expect(Math.abs(delivered / jobs - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / jobs));
      expect(Math.abs(fidelity! - f)).toBeLessThan(4 * Math.sqrt((f * (1 - f)) / delivered));
      expect(deliveredPerSec / plan.deliveredPerSec).toBeCloseTo(delivered / jobs / p, 9);
    }
  });

  it('loses fidelity to waiting as expected when a job is suspended', () => {
    const lifetime = 5;
    const [plan] = plansOn(lifetime).slice(1);
    const { protocol, task } = plan!;
    const startSlots = task.steps.map(({ startSlot }, index) => startSlot + 30 * index);
    const schedule = {
      scheduler: 'hand',
      tasks: [task],
      hyperperiodSlots: task.periodSlots,
      jobs: [{ task: 0, job: 0, startSlots }],
      suspensionSlots: 1000,
    };
    const { fidelity: f } = expectedOutcome(protocol, startSlots, lifetime / slotSec);
    expect(f).toBeLessThan(plan!.fidelity - 0.05);
    const options = { hyperperiods: 5000, slotSec, storageLifetimeSec: lifetime };
    const [found] = executeSchedule(schedule, [plan!], options, Rng.of('suspended'));
    expect(Math.abs(found!.fidelity! - f)).toBeLessThan(4 * Math.sqrt((f * (1 - f)) / found!.delivered));
  });

  it('leaves the draws of a task as they are when another joins', () => {
    const plans = plansOn(Infinity);
    const run = (some: DemandPlan[]) => {
      const schedule = rcpspEdf(some.map(({ task }) => task));
      const seconds = 400;
      const hyperperiods = seconds / (schedule.hyperperiodSlots * slotSec);
      return executeSchedule(schedule, some, { hyperperiods, slotSec }, Rng.of(1))[0]!.delivered;
    };
    expect(run(plans.slice(0, 1))).toBe(run(plans));
  });

  it('refuses schedules with faults and plans of other tasks', () => {
    const plans = plansOn(Infinity);
    const late = npEdf([blockTask({ name: 'late', durationSlots: 3, periodSlots: 2 })]);
    const options = { hyperperiods: 1, slotSec };
    expect(() => executeSchedule(late, [], options, Rng.of(1))).toThrow(
      /^schedule: late of job 0 of late ends at 3/,
    );
    const schedule = rcpspEdf(plans.map(({ task }) => task));
    expect(() => executeSchedule(schedule, plans.slice(1), options, Rng.of(1))).toThrow('2 plans; allowed');
    expect(() => executeSchedule(schedule, plans, { ...options, hyperperiods: 0 }, Rng.of(1))).toThrow(
      'hyperperiods',
    );
  });
});

describe('admission', () => {
  const task = (name: string, durationSlots: number, resource: string) =>
    blockTask({ name, durationSlots, periodSlots: 4, resources: [resource] });

  it('lets in what a scheduler can still serve, in order', () => {
    const tasks = [task('a', 3, 'p'), task('b', 2, 'p'), task('c', 1, 'p'), task('d', 4, 'q')];
    const names = (scheduler: Scheduler) => admit(tasks, scheduler).tasks.map(({ name }) => name);
    expect(names(npEdf)).toEqual(['a', 'c']);
    expect(names(rcpspEdf)).toEqual(['a', 'c', 'd']);
    expect(admit([task('too long', 5, 'p')], npEdf)).toEqual({ tasks: [], schedule: undefined });
    const first = admit(tasks.slice(0, 2), rcpspEdf);
    expect(admit(tasks.slice(2), rcpspEdf, first)).toEqual(admit(tasks, rcpspEdf));
  });
});
