import { durationOf, endOf, hyperperiodSlots, type Job, type Task } from './task.js';

/** When each step of one job starts, in slots of the hyperperiod. */
export interface ScheduledJob {
  readonly task: number;
  readonly job: number;
  readonly startSlots: readonly number[];
}

/** A schedule as a value: it repeats after the hyperperiod. A job that found no place is absent. */
export interface Schedule {
  /** Which scheduler made it. */
  readonly scheduler: string;
  readonly tasks: readonly Task[];
  readonly hyperperiodSlots: number;
  readonly jobs: readonly ScheduledJob[];
  /** How many slots a job may be suspended for in all; 0: not preemptive. */
  readonly suspensionSlots: number;
}

/** Makes a schedule of a set of tasks; whether it keeps every promise is for `violations` to say. */
export type Scheduler = (tasks: readonly Task[]) => Schedule;

export function scheduleOf(
  scheduler: string,
  tasks: readonly Task[],
  jobs: readonly ScheduledJob[],
  suspensionSlots = 0,
): Schedule {
  return { scheduler, tasks, hyperperiodSlots: hyperperiodSlots(tasks), jobs, suspensionSlots };
}

/** A job that runs as planned from a slot on. */
export function startedAt(
  { task, job }: Pick<Job, 'task' | 'job'>,
  { steps }: Task,
  slot: number,
): ScheduledJob {
  return { task, job, startSlots: steps.map(({ startSlot }) => slot + startSlot) };
}

/** Slot at which the first step of a job starts. */
export const jobStart = ({ startSlots }: ScheduledJob): number => Math.min(...startSlots);

/** Slot after the last step of a job. */
export function jobEnd({ startSlots }: ScheduledJob, { steps }: Task): number {
  return Math.max(...steps.map(({ durationSlots }, step) => startSlots[step]! + durationSlots));
}

/** How many slots longer than planned a job lies in the schedule. */
export function suspension(scheduled: ScheduledJob, task: Task): number {
  const planned = durationOf(task) - Math.min(...task.steps.map(({ startSlot }) => startSlot));
  return jobEnd(scheduled, task) - jobStart(scheduled) - planned;
}

/** One stretch of time that a job keeps a resource. */
export interface Occupancy {
  readonly resource: string;
  readonly fromSlot: number;
  readonly toSlot: number;
}

/** What a task's plan keeps, in slots after its start. */
export function plannedOccupancy(task: Task): Occupancy[] {
  return occupancyOf(
    task,
    task.steps.map(({ startSlot }) => startSlot),
  );
}

/** What a task keeps whose steps start at these slots. */
export function occupancyOf({ steps, holds }: Task, startSlots: readonly number[]): Occupancy[] {
  const end = (step: number) => startSlots[step]! + steps[step]!.durationSlots;
  const used = steps.flatMap(({ resources }, step) =>
    resources.map((resource) => ({ resource, fromSlot: startSlots[step]!, toSlot: end(step) })),
  );
  const held = holds.map(({ resource, from, until }) => ({
    resource,
    fromSlot: end(from),
    toSlot: end(until),
  }));
  return [...used, ...held].filter(({ fromSlot, toSlot }) => toSlot > fromSlot);
}

/** Slots of the plan at which no step runs: where a job can be suspended. */
export function preemptionSlots({ steps }: Task): number[] {
  const ends = [...new Set(steps.map(endOf))].sort((a, b) => a - b).slice(0, -1);
  return ends.filter((slot) => steps.every((step) => endOf(step) <= slot || step.startSlot >= slot));
}
