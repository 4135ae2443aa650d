import type { Schedule, Scheduler } from './schedule.js';
import type { Task } from './task.js';
import { violations } from './verify.js';

/** The tasks that a scheduler can promise to serve, and how. */
export interface Admission {
  /** Indexes of the tasks that were let in. */
  readonly admitted: readonly number[];
  /** Of those tasks, in their order; undefined when none was let in. */
  readonly schedule: Schedule | undefined;
}

/** Lets in tasks one by one, in their order, as long as the scheduler finds a schedule that breaks no promise. */
export function admit(tasks: readonly Task[], scheduler: Scheduler): Admission {
  const admitted: number[] = [];
  let schedule: Schedule | undefined;
  for (const index of tasks.keys()) {
    const tried = scheduler([...admitted, index].map((one) => tasks[one]!));
    if (violations(tried).length > 0) continue;
    admitted.push(index);
    schedule = tried;
  }
  return { admitted, schedule };
}
