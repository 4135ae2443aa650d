import { InputError, requireInteger } from '../../base/index.js';

/** One operation of a task: it takes whole slots and needs each of its resources alone. */
export interface Step {
  readonly name: string;
  /** When it starts in the task's plan, in slots after the task's start. */
  readonly startSlot: number;
  readonly durationSlots: number;
  /** Indexes of the steps that must have ended before. */
  readonly after: readonly number[];
  readonly resources: readonly string[];
}

/** A resource kept between steps (a qubit that stores a pair): from the end of one step to the end of another. */
export interface Hold {
  readonly resource: string;
  /** Index of the step at whose end it begins. */
  readonly from: number;
  /** Index of the step at whose end it is free again. */
  readonly until: number;
}

/**
 * A periodic task: job k is released at slot k T and must end by (k + 1) T. Its steps start as planned, save where a
 * scheduler suspends it.
 */
export interface Task {
  readonly name: string;
  readonly periodSlots: number;
  readonly steps: readonly Step[];
  readonly holds: readonly Hold[];
}

/** One occurrence of a task within the hyperperiod. */
export interface Job {
  /** Index of the task. */
  readonly task: number;
  readonly job: number;
  readonly releaseSlot: number;
  readonly deadlineSlot: number;
}

/** The slot after a step's last. */
export const endOf = ({ startSlot, durationSlots }: Step): number => startSlot + durationSlots;

/** C: the slots that a task takes when it is not suspended. */
export const durationOf = (task: Task): number => Math.max(...task.steps.map(endOf));

/**
 * A task that keeps its resources for all of its C slots.
 * @param options.durationSlots C, from 1
 * @param options.periodSlots T, from 1; a task with C > T can never be scheduled
 * @param options.resources what it needs alone (default: one processor, called `network`)
 */
export function blockTask(options: {
  name: string;
  durationSlots: number;
  periodSlots: number;
  resources?: readonly string[];
}): Task {
  const { name, resources = ['network'] } = options;
  const durationSlots = requireInteger(`durationSlots of ${name}`, options.durationSlots, 1);
  const periodSlots = requireInteger(`periodSlots of ${name}`, options.periodSlots, 1);
  const step: Step = { name, startSlot: 0, durationSlots, after: [], resources };
  return { name, periodSlots, steps: [step], holds: [] };
}

/**
 * The least common multiple of the periods: schedules repeat after it.
 * @throws InputError without tasks, or past 2^53 - 1 slots.
 */
export function hyperperiodSlots(tasks: readonly Task[]): number {
  if (tasks.length === 0) throw new InputError('hyperperiod of 0 tasks; allowed: 1 or more');
  let lcm = 1;
  for (const { name, periodSlots } of tasks) {
    requireInteger(`periodSlots of ${name}`, periodSlots, 1);
    lcm = (lcm / greatestCommonDivisor(lcm, periodSlots)) * periodSlots;
    if (!Number.isSafeInteger(lcm)) {
      throw new InputError(
        `hyperperiod of ${tasks.length} periods is past 2^53 - 1 slots at task ${name} (period ${periodSlots}); ` +
          'allowed: periods with a smaller least common multiple',
      );
    }
  }
  return lcm;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** More jobs than this are no schedule that anyone reads. */
const MOST_JOBS = 1_000_000;

/**
 * All jobs of a hyperperiod, by task and then by time.
 * @throws InputError when there are more than a million.
 */
export function jobsOf(tasks: readonly Task[]): Job[] {
  const hyperperiod = hyperperiodSlots(tasks);
  const count = tasks.reduce((sum, { periodSlots }) => sum + hyperperiod / periodSlots, 0);
  if (count > MOST_JOBS) {
    throw new InputError(
      `hyperperiod of ${hyperperiod} slots holds ${count} jobs; allowed: at most ${MOST_JOBS}`,
    );
  }
  return tasks.flatMap(({ periodSlots }, task) =>
    Array.from({ length: hyperperiod / periodSlots }, (_, job) => ({
      task,
      job,
      releaseSlot: job * periodSlots,
      deadlineSlot: (job + 1) * periodSlots,
    })),
  );
}

/** Earliest deadline first; among equal ones the earliest release, then the order of the tasks. */
export function byDeadline(a: Job, b: Job): number {
  return a.deadlineSlot - b.deadlineSlot || a.releaseSlot - b.releaseSlot || a.task - b.task;
}
