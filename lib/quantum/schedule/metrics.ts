import { mean } from '../../math/index.js';
import { jobEnd, jobStart, type Schedule } from './schedule.js';

/** What a schedule gives its users. */
export interface ScheduleMetrics {
  /** Jobs that end by their deadline, per second. */
  readonly throughputPerSec: number;
  /** Longest time from a job's release to its end, slots. */
  readonly worstResponseSlots: number;
  /** Largest over the tasks of the variance of start_(k+1) - start_k - T over a hyperperiod, slots². */
  readonly jitterSlots2: number;
}

/**
 * Throughput, worst response and jitter (definitions of Skrzypczyk and Wehner 2021).
 * @param slotSec length of a slot
 */
export function scheduleMetrics(schedule: Schedule, slotSec: number): ScheduleMetrics {
  const { tasks, jobs, hyperperiodSlots } = schedule;
  const responses = jobs.map((scheduled) => {
    const task = tasks[scheduled.task]!;
    return { slots: jobEnd(scheduled, task) - scheduled.job * task.periodSlots, due: task.periodSlots };
  });
  const onTime = responses.filter(({ slots, due }) => slots <= due).length;
  return {
    throughputPerSec: onTime / (hyperperiodSlots * slotSec),
    worstResponseSlots: responses.reduce((worst, { slots }) => Math.max(worst, slots), 0),
    jitterSlots2: tasks.reduce((worst, _, task) => Math.max(worst, taskJitterSlots2(schedule, task)), 0),
  };
}

/** Variance of start_(k+1) - start_k - T of one task; 0 with fewer than two such differences. */
export function taskJitterSlots2({ tasks, jobs }: Schedule, task: number): number {
  const { periodSlots } = tasks[task]!;
  const starts = jobs
    .filter((scheduled) => scheduled.task === task)
    .sort((a, b) => a.job - b.job)
    .map(jobStart);
  const drifts = starts.slice(1).map((start, index) => start - starts[index]! - periodSlots);
  if (drifts.length < 2) return 0;
  const centre = mean(drifts);
  return mean(drifts.map((drift) => (drift - centre) ** 2));
}
