import type { Schedule, Scheduler } from './schedule.js';
import type { Task } from './task.js';
import { violations } from './verify.js';

/** The tasks that a scheduler promises to serve, and how. */
export interface Admission {
  readonly tasks: readonly Task[];
  /** Of those tasks, in their order; undefined when there are none. */
  readonly schedule: Schedule | undefined;
}

const NOTHING: Admission = { tasks: [], schedule: undefined };

/**
 * Lets in tasks one by one, in their order, as long as the scheduler finds a schedule that breaks no promise.
 * @param already tasks that were let in before, and that go on being served
 */
export function admit(offered: readonly Task[], scheduler: Scheduler, already = NOTHING): Admission {
  return offered.reduce<Admission>((admission, task) => {
    const tasks = [...admission.tasks, task];
    const schedule = scheduler(tasks);
    return violations(schedule).length === 0 ? { tasks, schedule } : admission;
  }, already);
}
