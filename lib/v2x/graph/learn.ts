import { InputError, requireInteger, requireRange } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import type { Evidence } from './evidence.js';

/** Whom each agent listens to: of each receiver the places of its senders, ascending. */
export type CommunicationGraph = readonly (readonly number[])[];

export interface GraphTraining {
  readonly rng: Rng;
  /** Senders of each receiver; the larger of 0.4 n rounded down and 1, as CommFormer has it, unless told otherwise. */
  readonly senders?: number;
  /** 1 to 1e6; 200 unless told otherwise. */
  readonly steps?: number;
  /** What an object that is not there costs, in objects found, 0 to 100; 0.3 unless told otherwise. */
  readonly falseAlarmCost?: number;
}

export interface LearnedGraph {
  readonly graph: CommunicationGraph;
  /** Of each receiver and sender; those of an agent and itself are minus infinity. */
  readonly logits: readonly Float64Array[];
}

/** Step along the slopes, and what becomes of it by the end; how large the noise is at the start and the end. */
const RATE = { first: 0.3, last: 0.03 };
const NOISE = { first: 1, last: 0.1 };
const FALSE_ALARM_COST = 0.3;

/** How many senders a receiver has among n agents: max(floor(0.4 n), 1). */
export const usualSenders = (agents: number): number => Math.max(1, Math.floor(0.4 * agents));

/**
 * Learns whom to listen to: a logit for each edge, of which each step takes a receiver's k highest with Gumbel noise and
 * passes the slopes through as if it were their softmax (straight-through; CommFormer, Hu et al. 2024). What it climbs is not a
 * reward but has closed form: the expected number of objects that at least one of receiver and senders has found, less the
 * senders' false alarms.
 * @param frames of the same agents in the same order
 * @throws InputError without frames, where their agents differ in number, or for an option out of range.
 */
export function learnGraph(frames: readonly Evidence[], options: GraphTraining): LearnedGraph {
  const agents = agentsOf(frames);
  const { rng, senders = usualSenders(agents), steps = 200, falseAlarmCost = FALSE_ALARM_COST } = options;
  requireInteger('senders', senders, 1, agents - 1);
  requireInteger('steps', steps, 1, 1_000_000);
  requireRange('falseAlarmCost', falseAlarmCost, 0, 100);
  const logits = Array.from({ length: agents }, (_, receiver) => {
    const row = new Float64Array(agents).fill(1);
    row[receiver] = Number.NEGATIVE_INFINITY;
    return row;
  });
  for (let step = 0; step < steps; step++) {
    const done = step / steps;
    const [rate, noise] = [between(RATE, done), between(NOISE, done)];
    for (const [receiver, row] of logits.entries()) {
      const noisy = row.map((logit) => logit - noise * Math.log(rng.exponential()));
      const taken = highest(noisy, senders);
      const slopes = new Float64Array(agents);
      for (const frame of frames) addSlopes(slopes, frame, receiver, taken, falseAlarmCost);
      climb(row, noisy, slopes, (rate * senders) / frames.length);
    }
  }
  return { graph: logits.map((row) => highest(row, senders)), logits };
}

function agentsOf(frames: readonly Evidence[]): number {
  const agents = frames[0]?.found.length ?? 0;
  if (agents < 2) throw new InputError(`${agents} agents to connect; allowed: 2 or more`);
  const other = frames.find(({ found }) => found.length !== agents);
  if (other)
    throw new InputError(`a frame of ${other.found.length} agents beside ${agents}; allowed: the same`);
  return agents;
}

/** Places of the k highest, ascending. */
function highest(row: Float64Array, k: number): number[] {
  const order = Array.from(row.keys()).sort((a, b) => row[b]! - row[a]!);
  return order.slice(0, k).sort((a, b) => a - b);
}

const between = ({ first, last }: { first: number; last: number }, done: number) =>
  first * (last / first) ** done;

/** How the value of a receiver changes with each edge, at the edges taken. */
function addSlopes(
  slopes: Float64Array,
  { found, falseAlarms }: Evidence,
  receiver: number,
  senders: readonly number[],
  cost: number,
): void {
  const own = found[receiver]!;
  for (const [edge, alarms] of falseAlarms.entries()) slopes[edge]! -= cost * alarms;
  for (let object = 0; object < own.length; object++) {
    const missed = (without: number) =>
      senders.reduce(
        (share, sender) => (sender === without ? share : share * (1 - found[sender]![object]!)),
        1 - own[object]!,
      );
    const all = missed(-1);
    for (const [sender, scores] of found.entries()) {
      if (scores[object] === 0 || sender === receiver) continue;
      slopes[sender]! += scores[object]! * (senders.includes(sender) ? missed(sender) : all);
    }
  }
}

/** One step up along the slopes of the softmax. */
function climb(row: Float64Array, noisy: Float64Array, slopes: Float64Array, rate: number): void {
  const top = Math.max(...noisy);
  const weights = noisy.map((value) => Math.exp(value - top));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = weights.reduce((sum, weight, edge) => sum + (weight * slopes[edge]!) / total, 0);
  for (const [edge, weight] of weights.entries()) {
    if (weight > 0) row[edge]! += (rate * weight * (slopes[edge]! - mean)) / total;
  }
}

/** Everybody listens to everybody. */
export const fullGraph = (agents: number): CommunicationGraph =>
  Array.from({ length: agents }, (_, receiver) => others(agents, receiver));

/** Everybody listens to as many as told, whoever they are. */
export function randomGraph(agents: number, senders: number, rng: Rng): CommunicationGraph {
  requireInteger('senders', senders, 1, agents - 1);
  return Array.from({ length: agents }, (_, receiver) => {
    const order = rng.permutation(agents - 1).subarray(0, senders);
    return Array.from(order, (place) => others(agents, receiver)[place]!).sort((a, b) => a - b);
  });
}

const others = (agents: number, receiver: number) =>
  Array.from({ length: agents }, (_, place) => place).filter((place) => place !== receiver);

/** What `learnGraph` climbs, for one receiver: mean over frames. */
export function receiverValue(
  frames: readonly Evidence[],
  receiver: number,
  senders: readonly number[],
  falseAlarmCost = FALSE_ALARM_COST,
): number {
  const of = ({ found, falseAlarms }: Evidence) => {
    const alarms = senders.reduce((sum, sender) => sum + falseAlarms[sender]!, 0);
    const seen = found[receiver]!.reduce(
      (sum, own, object) =>
        sum + 1 - senders.reduce((missed, sender) => missed * (1 - found[sender]![object]!), 1 - own),
      0,
    );
    return seen - falseAlarmCost * alarms;
  };
  return frames.reduce((sum, frame) => sum + of(frame), 0) / frames.length;
}
