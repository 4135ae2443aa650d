import { type Schedule, type ScheduledJob, scheduleOf, startedAt } from './schedule.js';
import { byDeadline, durationOf, type Job, jobsOf, type Task } from './task.js';

/**
 * Periodic task scheduling: the whole network is one processor, so one job runs at a time, by non-preemptive earliest
 * deadline first (NP-EDF): whenever the processor is idle, the released job of the earliest deadline starts. A job that
 * is late runs all the same.
 */
export function npEdf(tasks: readonly Task[]): Schedule {
  const waiting = firstToCome(jobsOf(tasks));
  const durations = tasks.map(durationOf);
  const jobs: ScheduledJob[] = [];
  let now = 0;
  for (let next = earliestDeadline(waiting, now); next; next = earliestDeadline(waiting, now)) {
    now = Math.max(now, next.releaseSlot);
    jobs.push(startedAt(next, tasks[next.task]!, now));
    now += durations[next.task]!;
    waiting[next.task]!.pop();
  }
  return scheduleOf('PTS, NP-EDF', tasks, jobs);
}

/** The jobs of each task, the next one last. */
function firstToCome(jobs: readonly Job[]): Job[][] {
  const byTask: Job[][] = [];
  for (const job of jobs) {
    byTask[job.task] ??= [];
    byTask[job.task]!.push(job);
  }
  for (const list of byTask) list.reverse();
  return byTask;
}

/** The next job: among those released now or, when none is, at the next release. */
function earliestDeadline(waiting: readonly Job[][], now: number): Job | undefined {
  const heads = waiting.flatMap((list) => list.at(-1) ?? []);
  const from = heads.reduce((least, { releaseSlot }) => Math.min(least, releaseSlot), Infinity);
  const released = heads.filter(({ releaseSlot }) => releaseSlot <= Math.max(now, from));
  return released.reduce<Job | undefined>((a, b) => (a && byDeadline(a, b) <= 0 ? a : b), undefined);
}
