import { requireInteger } from '../../base/index.js';
import { type Calendar, calendarOf, earliestStart, isFree, take } from './calendar.js';
import { resourcesOf } from './rcpsp.js';
import {
  type Occupancy,
  plannedOccupancy,
  preemptionSlots,
  type ScheduledJob,
  type Scheduler,
  scheduleOf,
} from './schedule.js';
import { byDeadline, durationOf, endOf, hyperperiodSlots, type Job, jobsOf, type Task } from './task.js';

/** The part of a task between two slots at which it can be suspended; slots count from the task's start. */
interface Segment {
  readonly fromSlot: number;
  readonly toSlot: number;
  readonly kept: readonly Occupancy[];
  /** What stays kept while the task is suspended after this part. */
  readonly heldAfter: readonly string[];
}

/**
 * RCPSP with a preemption budget: jobs in the order of their deadlines, each from the earliest start, but suspended where
 * no step runs, for `budgetSlots` in all at most, when its next part finds its qubits taken. The qubits that store pairs
 * stay kept meanwhile; the budget bounds how much longer those pairs wait.
 */
export function rcpspBudget(budgetSlots: number): Scheduler {
  const budget = requireInteger('budgetSlots', budgetSlots, 0);
  return (tasks) => {
    const work = tasks.map((task) => ({ kept: plannedOccupancy(task), segments: segmentsOf(task) }));
    const calendar = calendarOf(resourcesOf(work), hyperperiodSlots(tasks));
    const jobs = jobsOf(tasks)
      .sort(byDeadline)
      .flatMap((job) => placeJob(job, tasks[job.task]!, work[job.task]!.segments, calendar, budget) ?? []);
    return scheduleOf('RCPSP, preemption budget', tasks, jobs, budget);
  };
}

function segmentsOf(task: Task): Segment[] {
  const bounds = [0, ...preemptionSlots(task), durationOf(task)];
  const kept = plannedOccupancy(task);
  return bounds.slice(1).map((toSlot, index) => {
    const fromSlot = bounds[index]!;
    return {
      fromSlot,
      toSlot,
      kept: kept.flatMap((one) => {
        const from = Math.max(one.fromSlot, fromSlot);
        const to = Math.min(one.toSlot, toSlot);
        return to > from ? [{ ...one, fromSlot: from - fromSlot, toSlot: to - fromSlot }] : [];
      }),
      heldAfter: task.holds
        .filter(({ from, until }) => endOf(task.steps[from]!) <= toSlot && endOf(task.steps[until]!) > toSlot)
        .map(({ resource }) => resource),
    };
  });
}

function placeJob(
  job: Job,
  task: Task,
  segments: readonly Segment[],
  calendar: Calendar,
  budget: number,
): ScheduledJob | undefined {
  const latest = job.deadlineSlot - durationOf(task);
  const first = segments[0]!;
  for (let from = job.releaseSlot; ; from++) {
    const start = earliestStart(calendar, first.kept, from, latest);
    if (start === undefined) return undefined;
    const starts = continued(segments, start, calendar, Math.min(budget, latest - start));
    if (starts) {
      takeSegments(segments, starts, calendar);
      return { task: job.task, job: job.job, startSlots: stepStarts(task, segments, starts) };
    }
    from = start;
  }
}

/** Starts of all parts when the first is at `start`, each as early as can be; undefined when the budget is spent. */
function continued(
  segments: readonly Segment[],
  start: number,
  calendar: Calendar,
  budget: number,
): number[] | undefined {
  const starts = [start];
  for (const [index, segment] of segments.slice(1).entries()) {
    const before = segments[index]!;
    const ended = starts[index]! + before.toSlot - before.fromSlot;
    const spent = ended - start - segment.fromSlot;
    const next = earliestStart(calendar, segment.kept, ended, ended + budget - spent);
    if (next === undefined) return undefined;
    if (!before.heldAfter.every((resource) => isFree(calendar, resource, ended, next))) return undefined;
    starts.push(next);
  }
  return starts;
}

function takeSegments(segments: readonly Segment[], starts: readonly number[], calendar: Calendar): void {
  for (const [index, { kept, heldAfter, fromSlot, toSlot }] of segments.entries()) {
    const start = starts[index]!;
    take(calendar, kept, start);
    const ended = start + toSlot - fromSlot;
    const gap = (starts[index + 1] ?? ended) - ended;
    take(
      calendar,
      heldAfter.map((resource) => ({ resource, fromSlot: 0, toSlot: gap })),
      ended,
    );
  }
}

function stepStarts(task: Task, segments: readonly Segment[], starts: readonly number[]): number[] {
  return task.steps.map(({ startSlot }) => {
    const index = segments.findLastIndex(({ fromSlot }) => fromSlot <= startSlot);
    return starts[index]! + startSlot - segments[index]!.fromSlot;
  });
}
