import { type Calendar, calendarOf, earliestStart, release, take } from './calendar.js';
import { resourcesOf } from './rcpsp.js';
import {
  type Occupancy,
  plannedOccupancy,
  type Schedule,
  type ScheduledJob,
  scheduleOf,
  startedAt,
} from './schedule.js';
import { byDeadline, durationOf, hyperperiodSlots, type Job, jobsOf, type Task } from './task.js';

/** The jobs of a task that have no place yet, and what the next one waits for. */
interface Queue {
  readonly task: Task;
  readonly kept: readonly Occupancy[];
  readonly durationSlots: number;
  /** Queues that need a qubit of this one. */
  readonly rivals: Queue[];
  /** The next job first. */
  readonly jobs: Job[];
  next: number;
  /** No earlier start of the next job is possible: calendars only fill. */
  startSlot: number;
}

/**
 * RCPSP by dispatch in time: NP-EDF on many resources. At each slot the released jobs whose qubits are free start,
 * earliest deadline first.
 */
export function rcpspNpEdf(tasks: readonly Task[]): Schedule {
  return scheduleOf(
    'RCPSP, NP-EDF',
    tasks,
    dispatch(tasks, () => true),
  );
}

/**
 * RCPSP by dispatch in time with a queue of critical jobs: a job starts only if it leaves each rival's next job, released
 * or not, that has to start before this one ends, a start in time. Idle time is put in where plain NP-EDF would let a
 * long job block a short one (in the manner of clairvoyant EDF, Ekelin 2006).
 */
export function rcpspCriticalEdf(tasks: readonly Task[]): Schedule {
  return scheduleOf('RCPSP, critical EDF', tasks, dispatch(tasks, sparesCritical));
}

type Guard = (queue: Queue, calendar: Calendar, slot: number) => boolean;

function dispatch(tasks: readonly Task[], guard: Guard): ScheduledJob[] {
  const queues = queuesOf(tasks);
  const calendar = calendarOf(resourcesOf(queues), hyperperiodSlots(tasks));
  const placed: ScheduledJob[] = [];
  for (let now = 0; Number.isFinite(now); now = nextSlot(queues)) {
    const ready = queues.filter((queue) => headOf(queue) && queue.startSlot <= now);
    for (const queue of ready.sort((a, b) => byDeadline(headOf(a)!, headOf(b)!))) {
      if (!canStart(queue, calendar, now)) continue;
      if (!guard(queue, calendar, now)) queue.startSlot = now + 1;
      else {
        const job = headOf(queue)!;
        take(calendar, queue.kept, now);
        placed.push(startedAt(job, queue.task, now));
        toNextJob(queue);
      }
    }
  }
  return placed;
}

function queuesOf(tasks: readonly Task[]): Queue[] {
  const jobs = jobsOf(tasks);
  const queues = tasks.map(
    (task, index): Queue => ({
      task,
      kept: plannedOccupancy(task),
      durationSlots: durationOf(task),
      rivals: [],
      jobs: jobs.filter((job) => job.task === index),
      next: 0,
      startSlot: 0,
    }),
  );
  for (const queue of queues) {
    const needed = resourcesOf([queue]);
    queue.rivals.push(
      ...queues.filter((other) => other !== queue && other.kept.some(({ resource }) => needed.has(resource))),
    );
  }
  return queues;
}

const headOf = ({ jobs, next }: Queue): Job | undefined => jobs[next];

const latestStart = (queue: Queue): number => headOf(queue)!.deadlineSlot - queue.durationSlots;

const nextSlot = (queues: readonly Queue[]): number =>
  queues.reduce((least, queue) => (headOf(queue) ? Math.min(least, queue.startSlot) : least), Infinity);

/** Moves a queue on to its next job, which starts no earlier than its release. */
function toNextJob(queue: Queue): void {
  queue.next++;
  queue.startSlot = headOf(queue)?.releaseSlot ?? Infinity;
}

/** Brings the queue's earliest start up to date, giving up jobs that cannot end in time. */
function canStart(queue: Queue, calendar: Calendar, now: number): boolean {
  const slot = earliestStart(calendar, queue.kept, now, latestStart(queue));
  if (slot === undefined) toNextJob(queue);
  else queue.startSlot = slot;
  return slot === now;
}

function sparesCritical(queue: Queue, calendar: Calendar, now: number): boolean {
  const end = now + queue.durationSlots;
  const critical = queue.rivals.filter((rival) => headOf(rival) && latestStart(rival) < end);
  if (critical.length === 0) return true;
  take(calendar, queue.kept, now);
  const lost = critical.some((rival) => {
    const from = Math.max(now, headOf(rival)!.releaseSlot);
    return earliestStart(calendar, rival.kept, from, latestStart(rival)) === undefined;
  });
  release(calendar, queue.kept, now);
  return !lost;
}
