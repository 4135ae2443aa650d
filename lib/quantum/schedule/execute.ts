import { InputError, requireInteger, requireRange } from '../../base/index.js';
import { type Interval, type Rng, wilsonInterval } from '../../math/index.js';
import type { DemandPlan } from './demand.js';
import { type LinkProtocol, OPERATION_SLOTS, type Protocol, partsOf } from './protocol.js';
import type { Schedule } from './schedule.js';
import { violations } from './verify.js';

export interface ExecutionOptions {
  /** How often the schedule runs. */
  readonly hyperperiods: number;
  readonly slotSec: number;
  /** Mean life of a stored pair; Infinity unless given. */
  readonly storageLifetimeSec?: number;
}

/** What one task's jobs delivered. */
export interface Delivery {
  readonly jobs: number;
  readonly delivered: number;
  readonly deliveredPerSec: number;
  /** Share of the jobs that delivered, with its 95 % interval. */
  readonly success: number;
  readonly success95: Interval;
  /** Share of the delivered pairs that were in the wished Bell state, with its 95 % interval; none without pairs. */
  readonly fidelity?: number;
  readonly fidelity95?: Interval;
}

/** Bell label as two bits, the phase and the flip: 0 is the wished state. Swaps add labels. */
type Label = number;

interface Pair {
  readonly label: Label;
  readonly sinceSlot: number;
}

/**
 * Runs a schedule: each link slot succeeds or not, each pair is in one of the four Bell states, drawn by its fidelity;
 * swaps add their labels, distillations compare them, waiting pairs lose theirs. Nothing is told to it of yields or
 * fidelities beyond those of the links, so it checks what the plans promise.
 * @param plans the plan of each task, in the order of the schedule's tasks
 * @param rng each task draws from the fork of its own name
 * @throws InputError for a schedule that breaks a promise, or plans of other tasks.
 */
export function executeSchedule(
  schedule: Schedule,
  plans: readonly DemandPlan[],
  options: ExecutionOptions,
  rng: Rng,
): Delivery[] {
  const broken = violations(schedule)[0];
  if (broken) throw new InputError(`schedule: ${broken.message}; allowed: one without violations`);
  if (plans.length !== schedule.tasks.length || plans.some(({ task }, i) => task !== schedule.tasks[i]))
    throw new InputError(
      `${plans.length} plans; allowed: the plan of each task of the schedule, in its order`,
    );
  const hyperperiods = requireInteger('hyperperiods', options.hyperperiods, 1, 1e9);
  const lifetimeSlots = lifetimeOf(options);
  const seconds = hyperperiods * schedule.hyperperiodSlots * options.slotSec;
  return plans.map(({ protocol, task }, index) => {
    const stream = rng.fork(task.name);
    const jobs = schedule.jobs.filter((job) => job.task === index);
    let delivered = 0;
    let wished = 0;
    for (let round = 0; round < hyperperiods; round++) {
      for (const { startSlots } of jobs) {
        const label = executeJob(protocol, startSlots, lifetimeSlots, stream);
        if (label === undefined) continue;
        delivered++;
        if (label === 0) wished++;
      }
    }
    return deliveryOf({ jobs: jobs.length * hyperperiods, delivered, wished, seconds });
  });
}

const lifetimeOf = ({ storageLifetimeSec = Infinity, slotSec }: ExecutionOptions): number =>
  requireRange('storageLifetimeSec', storageLifetimeSec, Number.MIN_VALUE, Infinity, 's') /
  requireRange('slotSec', slotSec, 1e-12, 1e6, 's');

function deliveryOf(counts: { jobs: number; delivered: number; wished: number; seconds: number }): Delivery {
  const { jobs, delivered, wished, seconds } = counts;
  return {
    jobs,
    delivered,
    deliveredPerSec: delivered / seconds,
    success: delivered / jobs,
    success95: wilsonInterval(delivered, jobs),
    ...(delivered > 0 ? { fidelity: wished / delivered, fidelity95: wilsonInterval(wished, delivered) } : {}),
  };
}

/** The label of the pair that one job delivers, or undefined when a link or a distillation failed. */
function executeJob(
  protocol: Protocol,
  startSlots: readonly number[],
  lifetimeSlots: number,
  rng: Rng,
): Label | undefined {
  let next = 0;
  const visit = (one: Protocol): Pair | undefined => {
    const [first, second] = partsOf(one).map(visit);
    const start = startSlots[next++]!;
    if (one.kind === 'link') return attemptLink(one, start, rng);
    if (!first || !second) return undefined;
    const sinceSlot = start + OPERATION_SLOTS;
    const a = waited(first, sinceSlot, lifetimeSlots, rng);
    const b = waited(second, sinceSlot, lifetimeSlots, rng);
    if (one.kind === 'swap') return { label: a ^ b, sinceSlot };
    const label = distilled(twirled(a, rng), twirled(b, rng));
    return label === undefined ? undefined : { label: twirled(label, rng), sinceSlot };
  };
  const pair = visit(protocol);
  // A block of link slots goes on to its end after its first success.
  const end = startSlots.at(-1)! + (protocol.kind === 'link' ? protocol.slots : OPERATION_SLOTS);
  return pair && waited(pair, end, lifetimeSlots, rng);
}

function attemptLink(
  { fidelity, slots, successPerSlot }: LinkProtocol,
  start: number,
  rng: Rng,
): Pair | undefined {
  for (let slot = 0; slot < slots; slot++) {
    if (rng.uniform() >= successPerSlot) continue;
    const label = rng.uniform() < fidelity ? 0 : 1 + rng.integer(3);
    return { label, sinceSlot: start + slot + 1 };
  }
  return undefined;
}

/** The label after waiting: depolarised, it is any of the four. */
function waited({ label, sinceSlot }: Pair, untilSlot: number, lifetimeSlots: number, rng: Rng): Label {
  const lost = -Math.expm1((sinceSlot - untilSlot) / lifetimeSlots);
  return lost > 0 && rng.uniform() < lost ? rng.integer(4) : label;
}

/** A random rotation on both sides: a wrong state may become any of the three wrong ones. */
const twirled = (label: Label, rng: Rng): Label => (label === 0 ? 0 : 1 + rng.integer(3));

/** Controlled-NOTs from the kept to the measured pair: flips must agree; the kept pair takes on the other's phase. */
function distilled(kept: Label, measured: Label): Label | undefined {
  return kept >> 1 === measured >> 1 ? kept ^ (measured & 1) : undefined;
}
