import { mean, type Rng } from '../../../../lib/math/index.js';
import {
  blockTask,
  type DemandPlan,
  demandPlanner,
  executeSchedule,
  npEdf,
  planDemand,
  type QosNetwork,
  rcpspEdf,
  type Schedule,
  type Scheduler,
  SMALL_NETWORKS,
  scheduleMetrics,
  smallNetwork,
  surfnetLike,
  violations,
} from '../../../../lib/quantum/index.js';
import { randomDemands, serve } from '../../../quantum/qos-demands.js';
import { type Reference, within } from '../../reference.js';

const slotSec = 0.01;

const blocks = (...times: readonly (readonly [durationSlots: number, periodSlots: number])[]): Schedule =>
  npEdf(
    times.map(([durationSlots, periodSlots], index) =>
      blockTask({ name: `task ${index + 1}`, durationSlots, periodSlots }),
    ),
  );

const byHand = 'enumerated by hand from the rule of NP-EDF';

function exact(id: string, what: string, value: number, measure: () => number): Reference {
  return {
    id: `qos/np-edf/${id}`,
    what,
    source: byHand,
    value,
    allowed: within(value, 0),
    measure: () => ({ value: measure() }),
  };
}

const twoTasks = () => blocks([2, 4], [6, 12]);

const processor: readonly Reference[] = [
  exact('starts', 'starts of (C 2, T 4), (C 6, T 12) as digits 0 2 8 and 10 of base 16', 0x028a, () =>
    twoTasks().jobs.reduce((digits, { startSlots }) => digits * 16 + startSlots[0]!, 0),
  ),
  exact(
    'missed',
    'deadlines that (C 2, T 4), (C 6, T 12) miss in a hyperperiod',
    1,
    () => violations(twoTasks()).filter(({ kind }) => kind === 'deadline').length,
  ),
  exact(
    'jitter',
    'jitter of (C 2, T 4), (C 6, T 12), slots²',
    9,
    () => scheduleMetrics(twoTasks(), slotSec).jitterSlots2,
  ),
  exact(
    'feasible',
    'faults of the schedule of (C 2, T 4), (C 2, T 4)',
    0,
    () => violations(blocks([2, 4], [2, 4])).length,
  ),
];

/** Sets of users whose demands are far beyond what the network can deliver. */
const SETS = 4;

function deliveredPerSec(
  network: QosNetwork,
  setup: { minFidelity: number; loadPerSec: number },
  scheduler: Scheduler,
  rng: Rng,
): number {
  const plan = demandPlanner(network, { slotSec });
  const loads = { loadsPerSec: [setup.loadPerSec], slotSec, storageLifetimeSec: Infinity };
  return mean(
    Array.from({ length: SETS }, (_, set) => {
      const demands = [...randomDemands(network, setup, rng.fork(set))];
      return serve(demands, plan, scheduler, loads).get(setup.loadPerSec)?.deliveredPerSec ?? 0;
    }),
  );
}

const sign: Pick<Reference, 'source' | 'value' | 'allowed'> = {
  source: 'Skrzypczyk and Wehner 2021: RCPSP delivers more than PTS (the sign only)',
  value: 1,
  allowed: [1.1, 100],
};

/** Every pair of the star needs the one communication qubit in its middle, so that almost nothing runs at once. */
const noGain: typeof sign = {
  source: 'one qubit serves all: a gain of 0, and up to 7 % by the chance of which demands are let in',
  value: 1,
  allowed: within(1, 0.1),
};

const against = [
  ...SMALL_NETWORKS.map((name) => ({ network: () => smallNetwork(name), minFidelity: 0.65, loadPerSec: 20 })),
  { network: surfnetLike, minFidelity: 0.9, loadPerSec: 40 },
].map(({ network, ...setup }): Reference => {
  const made = network();
  return {
    id: `qos/rcpsp-over-pts/${made.name}`,
    what: `pairs delivered by RCPSP over those by PTS, saturated, ${SETS} sets of demands of fidelity ${setup.minFidelity}`,
    ...(made.name === 'star' ? noGain : sign),
    measure: (rng) => ({
      value:
        deliveredPerSec(made, setup, rcpspEdf, rng.fork(made.name)) /
        deliveredPerSec(made, setup, npEdf, rng.fork(made.name)),
    }),
  };
});

/** A distilled and swapped pair between the two sides of the H network, executed. */
const distilled = (): DemandPlan =>
  planDemand(
    smallNetwork('h'),
    { source: 'A', destination: 'D', minFidelity: 0.75, ratePerSec: 0.5 },
    { slotSec },
  )!;

const RUNS = 100_000;

function executed(quantity: 'success' | 'fidelity', what: string): Reference {
  const plan = distilled();
  const value = quantity === 'success' ? plan.successProbability : plan.fidelity;
  const counted = quantity === 'success' ? RUNS : RUNS * plan.successProbability;
  return {
    id: `qos/executed/${quantity}`,
    what: `${what} of ${RUNS} jobs that make a distilled pair over three hops, slot by slot`,
    source: 'closed form: Werner maps of swap and BBPSSW, geometric link successes',
    value,
    allowed: within(value, 3.3 * Math.sqrt((value * (1 - value)) / counted)),
    measure: (rng) => {
      const options = { hyperperiods: RUNS, slotSec };
      const delivery = executeSchedule(rcpspEdf([plan.task]), [plan], options, rng)[0]!;
      return quantity === 'success'
        ? { value: delivery.success, ci95: delivery.success95 }
        : { value: delivery.fidelity!, ci95: delivery.fidelity95! };
    },
  };
}

/** Schedules of entanglement for many users. */
export const references: Reference[] = [
  ...processor,
  ...against,
  executed('success', 'share that delivers'),
  executed('fidelity', 'fidelity of the pairs delivered'),
];
