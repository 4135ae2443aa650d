import { calendarOf, earliestStart, take } from './calendar.js';
import {
  type Occupancy,
  plannedOccupancy,
  type Schedule,
  type ScheduledJob,
  scheduleOf,
  startedAt,
} from './schedule.js';
import { byDeadline, durationOf, hyperperiodSlots, jobsOf, type Task } from './task.js';

/**
 * Resource-constrained project scheduling (RCPSP) with each qubit a resource of one: jobs in the order of their
 * deadlines (EDF), each at the earliest start from its release at which every qubit that it needs is free for as long as
 * it needs it. A job that would end late has no place.
 */
export function rcpspEdf(tasks: readonly Task[]): Schedule {
  const work = tasks.map((task) => ({ kept: plannedOccupancy(task), durationSlots: durationOf(task) }));
  const calendar = calendarOf(resourcesOf(work), hyperperiodSlots(tasks));
  const jobs: ScheduledJob[] = [];
  for (const job of jobsOf(tasks).sort(byDeadline)) {
    const { kept, durationSlots } = work[job.task]!;
    const slot = earliestStart(calendar, kept, job.releaseSlot, job.deadlineSlot - durationSlots);
    if (slot === undefined) continue;
    take(calendar, kept, slot);
    jobs.push(startedAt(job, tasks[job.task]!, slot));
  }
  return scheduleOf('RCPSP, EDF', tasks, jobs);
}

/** The names of the resources that any of the work keeps. */
export function resourcesOf(work: readonly { kept: readonly Occupancy[] }[]): Set<string> {
  return new Set(work.flatMap(({ kept }) => kept.map(({ resource }) => resource)));
}
