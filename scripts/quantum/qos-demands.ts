import type { Rng } from 'semwave/math';
import {
  admit,
  type Demand,
  type DemandPlan,
  expectedOutcome,
  npEdf,
  type QosNetwork,
  rcpspBudget,
  rcpspCriticalEdf,
  rcpspEdf,
  rcpspNpEdf,
  type Schedule,
  type Scheduler,
  SMALL_NETWORKS,
  scheduleMetrics,
  smallNetwork,
  surfnetLike,
} from 'semwave/quantum';

export const networks: Record<string, () => QosNetwork> = {
  ...Object.fromEntries(SMALL_NETWORKS.map((name) => [name, () => smallNetwork(name)])),
  'surfnet-like': surfnetLike,
};

export const periodicScheduler = 'PTS, NP-EDF';

export const schedulers = (budgetSlots: number): Record<string, Scheduler> => ({
  [periodicScheduler]: npEdf,
  'RCPSP, EDF': rcpspEdf,
  'RCPSP, NP-EDF': rcpspNpEdf,
  'RCPSP, critical EDF': rcpspCriticalEdf,
  'RCPSP, preemption budget': rcpspBudget(budgetSlots),
});

/** Rates that users ask for, per second: their periods share a hyperperiod. */
const askedPerSec = (network: string) =>
  network === 'surfnet-like' ? [2, 1, 0.5, 0.25] : [0.5, 0.25, 0.125];

/** Demands of users at random ends, until together they ask for `loadPerSec`. */
export function* randomDemands(
  network: QosNetwork,
  { minFidelity, loadPerSec }: { minFidelity: number; loadPerSec: number },
  rng: Rng,
): Generator<Demand> {
  const names = network.nodes.map(({ name }) => name);
  for (let asked = 0, index = 1; asked < loadPerSec; index++) {
    const source = rng.choice(names);
    const destination = rng.choice(names.filter((name) => name !== source));
    const ratePerSec = rng.choice(askedPerSec(network.name));
    asked += ratePerSec;
    yield { source, destination, minFidelity, ratePerSec, name: `${index}: ${source} - ${destination}` };
  }
}

/** What a network delivers of the demands that were let in. */
export interface Served {
  readonly plans: readonly DemandPlan[];
  readonly schedule: Schedule;
  readonly deliveredPerSec: number;
  /** Mean over the delivered pairs. */
  readonly fidelity: number;
  readonly worstResponseSec: number;
  readonly jitterSec: number;
}

interface Timing {
  readonly slotSec: number;
  readonly storageLifetimeSec: number;
}

/**
 * Offers the demands to a scheduler in their order.
 * @returns what is served of those that together ask for no more than each load; absent where none is
 */
export function serve(
  demands: readonly Demand[],
  plan: (demand: Demand) => DemandPlan | undefined,
  scheduler: Scheduler,
  { loadsPerSec, ...timing }: Timing & { loadsPerSec: readonly number[] },
): Map<number, Served | undefined> {
  const results = new Map<number, Served | undefined>();
  const plans = new Map<string, DemandPlan>();
  let admission = admit([], scheduler);
  let askedPerSec = 0;
  const rest = demands.values();
  let next = rest.next().value;
  for (const loadPerSec of [...loadsPerSec].sort((a, b) => a - b)) {
    for (; next && askedPerSec + next.ratePerSec <= loadPerSec; next = rest.next().value) {
      askedPerSec += next.ratePerSec;
      const planned = plan(next);
      if (!planned) continue;
      plans.set(planned.task.name, planned);
      admission = admit([planned.task], scheduler, admission);
    }
    const { tasks, schedule } = admission;
    const own = tasks.map(({ name }) => plans.get(name)!);
    results.set(loadPerSec, schedule && servedBy(schedule, own, timing));
  }
  return results;
}

function servedBy(schedule: Schedule, plans: readonly DemandPlan[], timing: Timing): Served {
  const { slotSec, storageLifetimeSec } = timing;
  const { worstResponseSlots, jitterSlots2 } = scheduleMetrics(schedule, slotSec);
  let delivered = 0;
  let wished = 0;
  for (const { task, startSlots } of schedule.jobs) {
    const { protocol } = plans[task]!;
    const outcome = expectedOutcome(protocol, startSlots, storageLifetimeSec / slotSec);
    delivered += outcome.successProbability;
    wished += outcome.successProbability * outcome.fidelity;
  }
  return {
    plans,
    schedule,
    deliveredPerSec: delivered / (schedule.hyperperiodSlots * slotSec),
    fidelity: wished / delivered,
    worstResponseSec: worstResponseSlots * slotSec,
    jitterSec: Math.sqrt(jitterSlots2) * slotSec,
  };
}
