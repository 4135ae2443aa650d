import { z } from 'zod';
import { requireSchema } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import { entityStreams } from '../des/streams.js';
import { PS_PER_SEC, picoseconds } from '../units.js';
import type { QuantumNetwork } from './network.js';
import type { RequestRecord } from './request.js';

const range = (least: number, low: number, high: number) =>
  z
    .tuple([z.number().min(least), z.number().max(9000)])
    .refine(([from, to]) => from <= to, 'a range from the smaller to the larger')
    .default([low, high]);

/** What random requests ask for; uniform within each range. The defaults are those of SeQUeNCe's nine-router experiment. */
export const randomRequestsSchema = z
  .strictObject({
    /** From the request to the start of service. */
    leadSec: range(0, 1, 2),
    durationSec: range(1e-6, 10, 20),
    /** Whole numbers, both ends of the range included. */
    memories: range(1, 10, 24),
    minFidelity: range(0, 0.8, 1),
    /** From a refusal to the next request. */
    retrySec: z.number().min(1e-6).max(9000).default(1),
  })
  .readonly();

export type RandomRequests = z.output<typeof randomRequestsSchema>;
export type RandomRequestsInput = z.input<typeof randomRequestsSchema>;

/** Who is asked for how good pairs: kept when a request is refused for want of memories. */
interface Wish {
  responder: string;
  minFidelity: number;
}

/**
 * Lets nodes make requests, one at a time each, without end: the next one follows when the last was served, and some time
 * after a refusal. A refusal for want of memories or time is tried again with the same responder and fidelity, as in
 * SeQUeNCe's `RandomRequestApp`; one that can never be granted is dropped.
 * @param rng each node draws from a stream of its own name
 * @param nodes who asks whom: any other of the list, all equally likely
 * @throws InputError for an unknown field or one out of its range.
 */
export function requestAtRandom(
  network: QuantumNetwork,
  nodes: readonly string[],
  rng: Rng,
  options: RandomRequestsInput = {},
): void {
  const asked = requireSchema('random requests', randomRequestsSchema, options);
  const streams = entityStreams(rng);
  for (const name of nodes) {
    const own = streams(`requests of ${name}`);
    const others = nodes.filter((other) => other !== name);
    ask(network, name, asked, { rng: own, others });
  }
}

function ask(
  network: QuantumNetwork,
  initiator: string,
  asked: RandomRequests,
  from: { rng: Rng; others: readonly string[] },
  kept?: Wish,
): void {
  const { kernel } = network;
  const { rng, others } = from;
  const draw = ([low, high]: readonly [number, number]) => rng.uniform(low, high);
  const wish = kept ?? { responder: rng.choice(others), minFidelity: draw(asked.minFidelity) };
  const startSec = kernel.nowPs / PS_PER_SEC + draw(asked.leadSec);
  const endSec = startSec + draw(asked.durationSec);
  const [fewest, most] = asked.memories;
  const memories = fewest + rng.integer(most - fewest + 1);
  const next = (record: RequestRecord) => {
    const kind = record.refusal?.kind;
    const again = kind === 'memories' || kind === 'late' ? wish : undefined;
    const atPs = kind
      ? kernel.nowPs + picoseconds('retrySec', asked.retrySec)
      : picoseconds('endSec', endSec) + 1;
    kernel.at(atPs, () => ask(network, initiator, asked, from, again));
  };
  network.submit({ initiator, ...wish, startSec, endSec, memories }, next);
}
