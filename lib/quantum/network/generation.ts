import type { HeraldedPair } from '../link/index.js';
import { type Flow, later, log } from './flow.js';
import type { Pair, RouterMemory } from './pair.js';

/** What a protocol does with a pair that both its nodes know of. */
export type Arrival = (flow: Flow, pair: Pair) => void;

/** Returns a memory of a node to its bank, now; attempts begin where the neighbour has one too. */
export function freeMemory(
  flow: Flow,
  place: number,
  side: 'left' | 'right',
  memory: RouterMemory,
  arrive: Arrival,
): void {
  memory.inUse = false;
  flow.banks[side][place]!.free.push(memory);
  attemptAll(flow, side === 'right' ? place : place - 1, arrive);
}

/** Returns a memory once the message that tells of it has come. */
export function freeLater(
  flow: Flow,
  place: number,
  side: 'left' | 'right',
  memory: RouterMemory,
  told: { delayPs: number; arrive: Arrival },
): void {
  const bank = flow.banks[side][place]!;
  bank.returning++;
  later(flow, told.delayPs, () => {
    bank.returning--;
    freeMemory(flow, place, side, memory, told.arrive);
  });
}

/** Begins attempts on a hop with every two memories that are free at both ends. */
export function attemptAll(flow: Flow, hop: number, arrive: Arrival): void {
  const [left, right] = [flow.banks.right[hop]!.free, flow.banks.left[hop + 1]!.free];
  while (left.length > 0 && right.length > 0) attempt(flow, hop, [left.pop()!, right.pop()!], arrive);
}

/** The node whose memory came free later tells its neighbour: attempts begin one message later. */
function attempt(
  flow: Flow,
  hop: number,
  [leftMemory, rightMemory]: readonly [RouterMemory, RouterMemory],
  arrive: Arrival,
): void {
  const { link, reversed } = flow.hops[hop]!;
  const [left, right] = reversed ? [rightMemory, leftMemory] : [leftMemory, rightMemory];
  const agreedPs = flow.kernel.nowPs + flow.delayPs(hop, hop + 1);
  left.readyPs = Math.max(left.readyPs, agreedPs);
  right.readyPs = Math.max(right.readyPs, agreedPs);
  flow.counts.messages++;
  const generation = link.generate({
    left,
    right,
    onPair(heralded) {
      flow.generating[hop]!.delete(generation);
      arrive(flow, freshPair(flow, hop, heralded, [leftMemory, rightMemory]));
    },
  });
  flow.generating[hop]!.add(generation);
}

function freshPair(
  flow: Flow,
  hop: number,
  { state, atPs, expiresPs, attempts, witnessed, left, right }: HeraldedPair,
  [leftMemory, rightMemory]: readonly [RouterMemory, RouterMemory],
): Pair {
  const { counts } = flow;
  const heralds = flow.hops[hop]!.link.model.rounds * attempts;
  const segment = flow.links[hop]!;
  const pair: Pair = {
    segment,
    state,
    sincePs: atPs,
    leftMemory,
    rightMemory,
    rounds: 0,
    expiresPs,
    place: 'moving',
  };
  counts.generated++;
  counts.attempts += attempts;
  counts.messages += 2 * heralds;
  if (witnessed[0] === left.name && witnessed[1] === right.name) counts.genuine++;
  flow.live.add(pair);
  log(flow, 'pair', hop, leftMemory.index, rightMemory.index);
  return pair;
}
