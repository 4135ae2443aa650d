import { bootstrapInterval, mean, Rng } from 'semwave/math';
import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import { demandPlanner, executeSchedule, type QosNetwork } from 'semwave/quantum';
import { networks, randomDemands, type Served, schedulers, serve } from './qos-demands.js';
import { qosFigures } from './qos-figures.js';

/** Fidelities promised on the small networks, and on the one like SURF's. */
const smallFidelities = [0.55, 0.65, 0.75, 0.85];
const largeFidelities = [0.8, 0.9, 0.95, 0.98];

/** The demands whose schedule is executed slot by slot. */
export const executedSetup = { network: 'h', minFidelity: 0.65, loadPerSec: 5, scheduler: 'RCPSP, EDF' };

export default defineExperiment({
  id: 'quantum/qos',
  title: 'Entanglement for many users at a promised fidelity and rate',
  paper: 'Skrzypczyk, Wehner 2021',
  purpose:
    'pairs delivered, jitter and fidelity of periodic and resource-constrained schedules of small networks',
  params: {
    network: param.grid(Object.keys(networks), { about: 'nodes with 1 communication and 3 storage qubits' }),
    loadPerSec: param.grid({
      unit: '1/s',
      from: 0.5,
      to: 100,
      step: 0.5,
      about: 'pairs that all users together ask for',
    }),
    sets: param.integer({ default: 40, min: 2, max: 10_000, about: 'sets of random demands' }),
    slotMs: param.number({ default: 10, min: 0.001, max: 10_000, unit: 'ms', about: 'length of a slot' }),
    linkSuccess: param.number({
      default: 0.9,
      min: 0.01,
      max: 0.9999,
      about: 'probability with which a block of link slots shall yield a pair',
    }),
    storageLifetimeSec: param.number({
      default: 60,
      min: 0.1,
      max: 1e9,
      unit: 's',
      about: 'in which a stored pair falls to 1/e of its Werner weight; nuclear spins have reached a minute',
    }),
    budgetSlots: param.integer({
      default: 20,
      min: 0,
      max: 1e6,
      about: 'suspension of a job at most, in slots',
    }),
    hyperperiods: param.integer({
      default: 20_000,
      min: 10,
      max: 1e8,
      about: 'runs of an executed schedule',
    }),
  },
  presets: {
    quick: {
      cost: '2 minutes on two cores',
      loadPerSec: [0.5, 1, 2, 5, 10, 20, 50, 100],
      sets: 6,
      hyperperiods: 2000,
    },
    paper: { cost: '30 minutes on two cores', loadPerSec: [0.5, 1, 2, 3, 5, 7, 10, 15, 20, 35, 50, 70, 100] },
  },

  points({ network }) {
    const fidelitiesOf = (name: string) => (name === 'surfnet-like' ? largeFidelities : smallFidelities);
    const served = network.flatMap((name) =>
      fidelitiesOf(name).map((minFidelity) => ({ network: name, minFidelity })),
    );
    return [...served, { executed: executedSetup.network }];
  },

  async *measure(point, { config, seed, progress, rng }): AsyncGenerator<NewRow> {
    const { sets, budgetSlots } = config;
    const name = 'executed' in point ? point.executed : point.network;
    const setup = { ...config, slotSec: config.slotMs / 1000, network: networks[name]!() };
    // Not the point's own stream: all fidelities and schedulers meet the same users.
    const users = Rng.of(seed).fork('quantum/qos').fork(name);
    if ('executed' in point) {
      yield* executedRows(setup, users.fork(0), rng);
      return;
    }
    const plan = demandPlanner(setup.network, planOptions(setup));
    const { minFidelity } = point;
    const loadPerSec = Math.max(...config.loadPerSec);
    const all = Object.entries(schedulers(budgetSlots));
    for (const [index, [system, scheduler]] of all.entries()) {
      const perSet = Array.from({ length: sets }, (_, set) => {
        const demands = [...randomDemands(setup.network, { minFidelity, loadPerSec }, users.fork(set))];
        progress((index + set / sets) / all.length);
        return serve(demands, plan, scheduler, { ...setup, loadsPerSec: config.loadPerSec });
      });
      yield* meanRows(system, perSet, rng.fork(system));
    }
  },

  figures: (rows, { config }) => qosFigures(rows, config),
});

interface Setup {
  readonly network: QosNetwork;
  readonly slotSec: number;
  readonly linkSuccess: number;
  readonly storageLifetimeSec: number;
  readonly hyperperiods: number;
}

const planOptions = ({ slotSec, linkSuccess, storageLifetimeSec }: Setup) => ({
  slotSec,
  linkSuccess,
  storageLifetimeSec,
});

/** Means over the sets of demands, at each load, with the latency in two senses. */
function* meanRows(
  system: string,
  perSet: readonly ReadonlyMap<number, Served | undefined>[],
  rng: Rng,
): Generator<NewRow> {
  for (const loadPerSec of perSet[0]!.keys()) {
    const all = perSet.map((one) => one.get(loadPerSec));
    const some = all.filter((one) => one !== undefined);
    if (some.length === 0) continue;
    const averaged = (what: string, values: readonly number[]) => ({
      value: mean(values),
      ci95: bootstrapInterval(values, rng.fork(loadPerSec).fork(what)),
    });
    const rate = averaged(
      'rate',
      all.map((one) => one?.deliveredPerSec ?? 0),
    );
    const accuracy = averaged(
      'fidelity',
      some.map(({ fidelity }) => fidelity),
    );
    for (const [latency, of] of Object.entries(latencies)) {
      yield {
        system,
        params: { loadPerSec, latency },
        rate: { ...rate, unit: 'pairs/s', metric: 'delivered' },
        accuracy: { ...accuracy, unit: 'ratio', metric: 'fidelity of delivered pairs' },
        latency: { ...averaged(latency, some.map(of)), unit: 's', metric: latency },
      };
    }
  }
}

/** What the latency of a row is: the same run gives one of each. */
const latencies = {
  'worst response': ({ worstResponseSec }: Served) => worstResponseSec,
  jitter: ({ jitterSec }: Served) => jitterSec,
};

/** Beside the plan of each demand, what came of it when each slot was drawn. */
function* executedRows(setup: Setup, users: Rng, rng: Rng): Generator<NewRow> {
  const { loadPerSec } = executedSetup;
  const demands = [...randomDemands(setup.network, executedSetup, users)];
  const scheduler = schedulers(0)[executedSetup.scheduler]!;
  const plan = demandPlanner(setup.network, planOptions(setup));
  const served = serve(demands, plan, scheduler, { ...setup, loadsPerSec: [loadPerSec] }).get(loadPerSec);
  if (!served) return;
  const { plans, schedule } = served;
  for (const [index, delivery] of executeSchedule(schedule, plans, setup, rng).entries()) {
    const planned = plans[index]!;
    const { deliveredPerSec, success, success95, fidelity, fidelity95 } = delivery;
    const latency = { value: planned.task.periodSlots * setup.slotSec, unit: 's', metric: 'period' };
    const params = { demand: index + 1, ends: `${planned.demand.source} - ${planned.demand.destination}` };
    const rate = { unit: 'pairs/s', metric: 'delivered' };
    const accuracy = { unit: 'ratio', metric: 'fidelity of delivered pairs' };
    yield {
      system: 'plan',
      params,
      rate: { ...rate, value: planned.deliveredPerSec },
      accuracy: { ...accuracy, value: planned.fidelity },
      latency,
    };
    if (fidelity === undefined || !fidelity95) continue;
    const perSec = deliveredPerSec / success;
    yield {
      system: 'executed',
      params,
      rate: { ...rate, value: deliveredPerSec, ci95: [success95[0] * perSec, success95[1] * perSec] },
      accuracy: { ...accuracy, value: fidelity, ci95: fidelity95 },
      latency,
    };
  }
}
