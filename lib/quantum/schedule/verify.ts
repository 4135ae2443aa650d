import { type Occupancy, occupancyOf, type Schedule, type ScheduledJob, suspension } from './schedule.js';
import { hyperperiodSlots, type Task } from './task.js';

/** How a schedule breaks a promise. */
export interface Violation {
  readonly kind: 'overlap' | 'release' | 'deadline' | 'precedence' | 'suspension' | 'missing' | 'malformed';
  /** One line: who, when, and what was promised. */
  readonly message: string;
}

/**
 * Everything that is wrong with a schedule, told from the tasks and the starts of their steps alone, so that it judges
 * any scheduler: two jobs on one resource, a step before its job's release or after its deadline, a step before those it
 * follows, a job suspended for longer than the schedule allows, a job that is missing or there twice.
 * An empty list: the schedule is sound.
 */
export function violations(schedule: Schedule): Violation[] {
  const sound = schedule.jobs.filter((job) => isWellFormed(schedule, job));
  const malformed = schedule.jobs.filter((job) => !sound.includes(job));
  return [
    ...malformed.map(({ task, job }) =>
      fault('malformed', `job ${job} of task ${task} is no job of the tasks`),
    ),
    ...countFaults(schedule, sound),
    ...sound.flatMap((job) => timingFaults(schedule, job)),
    ...overlaps(schedule, sound),
  ];
}

const fault = (kind: Violation['kind'], message: string): Violation => ({ kind, message });

function isWellFormed(
  { tasks, hyperperiodSlots }: Schedule,
  { task, job, startSlots }: ScheduledJob,
): boolean {
  const found = tasks[task];
  return (
    found !== undefined &&
    Number.isInteger(job) &&
    job >= 0 &&
    (job + 1) * found.periodSlots <= hyperperiodSlots &&
    startSlots.length === found.steps.length &&
    startSlots.every(Number.isInteger)
  );
}

function countFaults(
  { tasks, hyperperiodSlots: stated }: Schedule,
  jobs: readonly ScheduledJob[],
): Violation[] {
  const due = hyperperiodSlots(tasks);
  if (stated !== due) return [fault('malformed', `hyperperiod is ${stated}; the periods give ${due}`)];
  const counts = tasks.map(({ periodSlots }) => new Uint32Array(due / periodSlots));
  for (const { task, job } of jobs) counts[task]![job]!++;
  return counts.flatMap((counted, task) =>
    Array.from(counted).flatMap((count, job) => {
      if (count === 1) return [];
      const who = `job ${job} of ${tasks[task]!.name}`;
      return [
        count === 0 ? fault('missing', `${who} has no place`) : fault('malformed', `${who} is there twice`),
      ];
    }),
  );
}

function timingFaults({ tasks, suspensionSlots }: Schedule, scheduled: ScheduledJob): Violation[] {
  const { job, startSlots } = scheduled;
  const task = tasks[scheduled.task]!;
  const release = job * task.periodSlots;
  const deadline = release + task.periodSlots;
  const faults: Violation[] = [];
  for (const [index, { name, durationSlots, after }] of task.steps.entries()) {
    const start = startSlots[index]!;
    const who = `${name} of job ${job} of ${task.name}`;
    if (start < release) faults.push(fault('release', `${who} starts at ${start}; released at ${release}`));
    if (start + durationSlots > deadline)
      faults.push(fault('deadline', `${who} ends at ${start + durationSlots}; due at ${deadline}`));
    for (const before of after) {
      const ended = startSlots[before]! + task.steps[before]!.durationSlots;
      if (start < ended)
        faults.push(
          fault('precedence', `${who} starts at ${start}; ${task.steps[before]!.name} ends at ${ended}`),
        );
    }
  }
  const suspended = suspension(scheduled, task);
  if (suspended > suspensionSlots) {
    const who = `job ${job} of ${task.name}`;
    faults.push(
      fault('suspension', `${who} is suspended for ${suspended} slots; allowed: ${suspensionSlots}`),
    );
  }
  return faults;
}

interface Kept extends Occupancy {
  readonly who: string;
}

/** Sorted by start, a resource is kept by one at a time if each begins after the last of those before has ended. */
function overlaps({ tasks }: Schedule, jobs: readonly ScheduledJob[]): Violation[] {
  const byResource = new Map<string, Kept[]>();
  for (const scheduled of jobs) {
    const task: Task = tasks[scheduled.task]!;
    const who = `job ${scheduled.job} of ${task.name}`;
    for (const kept of occupancyOf(task, scheduled.startSlots)) {
      const list = byResource.get(kept.resource) ?? [];
      list.push({ ...kept, who });
      byResource.set(kept.resource, list);
    }
  }
  const faults: Violation[] = [];
  for (const [resource, kept] of byResource) {
    kept.sort((a, b) => a.fromSlot - b.fromSlot);
    let last: Kept | undefined;
    for (const next of kept) {
      if (last && next.fromSlot < last.toSlot)
        faults.push(
          fault(
            'overlap',
            `${resource}: ${next.who} from ${next.fromSlot}, ${last.who} until ${last.toSlot}`,
          ),
        );
      if (!last || next.toSlot > last.toSlot) last = next;
    }
  }
  return faults;
}
