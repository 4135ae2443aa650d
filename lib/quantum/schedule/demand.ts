import { requireInteger, requireRange } from '../../base/index.js';
import { shortestPath } from '../bounds/index.js';
import { mapProtocol, type Need, needsOf, type Plan, qubitsOf } from './mapping.js';
import type { QosNetwork } from './network.js';
import { expectedOutcome, type Outcome } from './outcome.js';
import type { Protocol } from './protocol.js';
import { protocolsOf, serialRate } from './search.js';
import type { Hold, Step, Task } from './task.js';
import { type Unfolded, unfold } from './unfold.js';

/** What a user asks of the network. */
export interface Demand {
  readonly source: string;
  readonly destination: string;
  /** Pairs of a lower fidelity are of no use. */
  readonly minFidelity: number;
  /** Runs of the protocol a second. Those that succeed deliver a pair: `DemandPlan.deliveredPerSec`. */
  readonly ratePerSec: number;
  /** Tells demands of the same ends apart; the ends unless given. */
  readonly name?: string;
}

export interface PlanOptions {
  /** Length of a slot; 10 ms unless given. */
  readonly slotSec?: number;
  /** Probability with which a block of link slots shall yield a pair; 0.9 unless given. */
  readonly linkSuccess?: number;
  /** Distillations one upon another, at each length of path; 2 unless given. */
  readonly distillationRounds?: number;
  /** Time in which a stored pair's Werner weight falls by 1/e; Infinity (pairs keep) unless given. */
  readonly storageLifetimeSec?: number;
}

/** How a demand is met: which way, by which protocol, as which periodic task. */
export interface DemandPlan extends Outcome {
  readonly demand: Demand;
  readonly path: readonly string[];
  readonly protocol: Protocol;
  readonly task: Task;
  /** Pairs delivered a second when every job ends in time and is not suspended: success probability over period. */
  readonly deliveredPerSec: number;
}

/** Protocols that are mapped onto the qubits before the best is taken. */
const MOST_MAPPED = 8;

/**
 * Meets a demand by the shortest path and, of the protocols that reach its fidelity, the one that delivers most pairs a
 * slot once mapped onto the qubits. Period T = ceil(1 / (rate slot)).
 * @returns undefined when no path joins the ends, no protocol reaches the fidelity with the qubits there are, or none is
 *   quick enough for the rate (C > T).
 * @throws InputError for a node that the network lacks, a fidelity outside [1/2, 1], or a rate not above 0.
 */
export function planDemand(
  network: QosNetwork,
  demand: Demand,
  options: PlanOptions = {},
): DemandPlan | undefined {
  return demandPlanner(network, options)(demand);
}

/** `planDemand` for many demands: what is found for two ends and a fidelity serves all rates. */
export function demandPlanner(
  network: QosNetwork,
  options: PlanOptions = {},
): (demand: Demand) => DemandPlan | undefined {
  const search = requireOptions(options);
  const known = new Map<string, Mapped[]>();
  return (demand) => {
    const { source, destination, minFidelity, ratePerSec } = demand;
    requireRange('minFidelity', minFidelity, 0.5, 1);
    const periodSlots = periodOf(ratePerSec, search.slotSec);
    const key = JSON.stringify([source, destination, minFidelity]);
    const mapped = known.get(key) ?? mappedProtocols(network, demand, search);
    known.set(key, mapped);
    const best = mapped.find(({ durationSlots }) => durationSlots <= periodSlots);
    return best && planOf(demand, best, periodSlots, search.slotSec);
  };
}

function planOf(demand: Demand, mapped: Mapped, periodSlots: number, slotSec: number): DemandPlan {
  const { path, protocol, fidelity, successProbability, unfolded, plan } = mapped;
  const name = demand.name ?? `${demand.source} - ${demand.destination}`;
  const task = taskOf(name, periodSlots, unfolded, plan);
  const deliveredPerSec = successProbability / (periodSlots * slotSec);
  return { demand, path, protocol, fidelity, successProbability, task, deliveredPerSec };
}

interface Mapped extends Outcome {
  readonly path: readonly string[];
  readonly protocol: Protocol;
  readonly unfolded: Unfolded;
  readonly plan: Plan;
  readonly durationSlots: number;
}

const deliveredPerSlot = ({ successProbability, durationSlots }: Mapped): number =>
  successProbability / durationSlots;

/** The protocols of the highest serial rate that keep the fidelity to the end of their plan, the best first. */
function mappedProtocols(network: QosNetwork, demand: Demand, options: Required<PlanOptions>): Mapped[] {
  const { source, destination, minFidelity } = demand;
  const path = shortestPath(network.graph, source, destination, ({ lengthKm }) => lengthKm);
  if (!path) return [];
  const qubits = qubitsOf(network);
  const lifetimeSlots = options.storageLifetimeSec / options.slotSec;
  const candidates = protocolsOf(network, path, options)
    .filter(({ protocol }) => protocol.fidelity >= minFidelity)
    .sort((a, b) => serialRate(b) - serialRate(a));
  const mapped: Mapped[] = [];
  for (const { protocol } of candidates) {
    const unfolded = unfold(protocol);
    const plan = mapProtocol(unfolded, qubits);
    if (!plan) continue;
    const outcome = expectedOutcome(protocol, plan, lifetimeSlots);
    if (outcome.fidelity < minFidelity) continue;
    const durationSlots = endOfPlan(unfolded, plan);
    mapped.push({ path: path.nodes, protocol, unfolded, plan, ...outcome, durationSlots });
    if (mapped.length === MOST_MAPPED) break;
  }
  return mapped.sort((a, b) => deliveredPerSlot(b) - deliveredPerSlot(a));
}

const endOfPlan = ({ operations }: Unfolded, plan: Plan): number =>
  Math.max(...operations.map(({ durationSlots }, index) => plan[index]! + durationSlots));

/**
 * T = ceil(1 / (rate slot)).
 * @throws InputError for a rate or a slot not above 0, or a period past 2^53 - 1 slots.
 */
export function periodOf(ratePerSec: number, slotSec: number): number {
  requireRange('ratePerSec', ratePerSec, Number.MIN_VALUE, 1e12, '1/s');
  // The margin keeps a quotient that is a whole number from being rounded up.
  return requireInteger('period of the demand, slots,', Math.ceil(1 / (ratePerSec * slotSec) - 1e-9), 1);
}

function requireOptions(options: PlanOptions): Required<PlanOptions> {
  const {
    slotSec = 0.01,
    linkSuccess = 0.9,
    distillationRounds = 2,
    storageLifetimeSec = Infinity,
  } = options;
  return {
    slotSec: requireRange('slotSec', slotSec, 1e-12, 1e6, 's'),
    linkSuccess: requireRange('linkSuccess', linkSuccess, 1e-6, 1 - 1e-9),
    distillationRounds: requireInteger('distillationRounds', distillationRounds, 0, 6),
    storageLifetimeSec: requireRange('storageLifetimeSec', storageLifetimeSec, 1e-12, Infinity, 's'),
  };
}

/** A planned protocol as a periodic task: each stretch of need gets a qubit of its own. */
function taskOf(name: string, periodSlots: number, unfolded: Unfolded, plan: Plan): Task {
  const needs = needsOf(unfolded, plan);
  const qubits = assigned(needs);
  let next = 0;
  const steps = unfolded.operations.map(
    ({ name: operation, durationSlots, after, nodes }, index): Step => ({
      name: operation,
      startSlot: plan[index]!,
      durationSlots,
      after,
      resources: nodes.map(() => qubits[next++]!),
    }),
  );
  const holds = unfolded.stored.map(({ from, until }): Hold => ({ resource: qubits[next++]!, from, until }));
  return { name, periodSlots, steps, holds };
}

/** A qubit for each need: in order of time, the first of its node and kind that is free by then. */
function assigned(needs: readonly Need[]): string[] {
  const freeFrom = new Map<string, number>();
  const names: string[] = [];
  const byTime = [...needs.keys()].sort((a, b) => needs[a]!.fromSlot - needs[b]!.fromSlot);
  for (const index of byTime) {
    const { node, kind, fromSlot, toSlot } = needs[index]!;
    let number = 1;
    while ((freeFrom.get(`${node} ${kind} ${number}`) ?? 0) > fromSlot) number++;
    names[index] = `${node} ${kind} ${number}`;
    freeFrom.set(names[index]!, toSlot);
  }
  return names;
}
