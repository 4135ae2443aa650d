import { type BellState, swapped } from '../bell.js';
import { type Desk, type Flow, later, log, retire, stateNow } from './flow.js';
import { freeLater, freeMemory } from './generation.js';
import type { Pair } from './pair.js';
import { purify } from './purification.js';

/**
 * A pair that both its nodes know of comes to the desk of the node that decides about it: it is delivered, swapped, or
 * purified first. The node knows the pair's state without measuring: it follows from the hardware and from outcomes it
 * was told.
 */
export function arrive(flow: Flow, pair: Pair): void {
  const desk = flow.desks.get(pair.segment)!;
  if (pair.expiresPs <= flow.kernel.nowPs) {
    discard(flow, pair);
    return;
  }
  watchExpiry(flow, pair);
  const state = stateNow(flow, pair);
  if (state.phiPlus < desk.target) improve(flow, desk, pair, state.phiPlus);
  else if (!desk.parent) hand(flow, pair, state);
  else {
    pair.place = 'ready';
    desk.ready.push(pair);
    swapReady(flow, flow.desks.get(desk.parent)!);
  }
}

/** The application takes the pair, and its memories are free. */
function hand(flow: Flow, pair: Pair, state: BellState): void {
  const { segment, leftMemory, rightMemory } = pair;
  retire(flow, pair);
  flow.counts.delivered++;
  log(flow, 'delivered', leftMemory.index, rightMemory.index);
  flow.deliver(pair, state);
  freeMemory(flow, segment.left, 'right', leftMemory, arrive);
  freeMemory(flow, segment.right, 'left', rightMemory, arrive);
}

/** Swaps pairs of the two parts of a stretch while both have some. */
function swapReady(flow: Flow, desk: Desk): void {
  const [left, right] = desk.segment.parts!.map((part) => flow.desks.get(part)!) as [Desk, Desk];
  while (dropStale(flow, left) && dropStale(flow, right)) {
    const take = (ready: Pair[]) => (flow.protocol.swapFirst === 'oldest' ? ready.shift()! : ready.pop()!);
    swap(flow, desk, take(left.ready), take(right.ready));
  }
}

/** Sends pairs that fell below their target while they waited back to be purified. @returns whether one is left to swap */
function dropStale(flow: Flow, desk: Desk): boolean {
  for (;;) {
    const place = flow.protocol.swapFirst === 'oldest' ? 0 : desk.ready.length - 1;
    const pair = desk.ready[place];
    if (!pair) return false;
    const { phiPlus } = stateNow(flow, pair);
    if (phiPlus >= desk.target) return true;
    desk.ready.splice(place, 1);
    improve(flow, desk, pair, phiPlus);
  }
}

/** The station's memories are free at once; the ends learn by message which correction to apply, or that it failed. */
function swap(flow: Flow, desk: Desk, left: Pair, right: Pair): void {
  const { segment } = desk;
  const split = segment.split!;
  const station = flow.stations[split]!;
  const success = station.rng.uniform() < station.swapSuccessProbability;
  const state = success
    ? swapped(stateNow(flow, left), stateNow(flow, right), station.swapErrors)
    : undefined;
  const [toLeft, toRight] = [flow.delayPs(split, segment.left), flow.delayPs(split, segment.right)];
  const [leftMemory, rightMemory] = [left.leftMemory, right.rightMemory];
  retire(flow, left);
  retire(flow, right);
  flow.counts.swaps++;
  flow.counts.messages += 2;
  log(flow, 'swap', split, left.rightMemory.index, right.leftMemory.index, success ? 1 : 0);
  if (state) {
    const expiresPs = Math.min(left.expiresPs, right.expiresPs);
    const sincePs = flow.kernel.nowPs;
    const pair: Pair = {
      segment,
      state,
      sincePs,
      leftMemory,
      rightMemory,
      rounds: 0,
      expiresPs,
      place: 'moving',
    };
    flow.live.add(pair);
    later(flow, Math.max(toLeft, toRight), () => arrive(flow, pair));
  } else {
    flow.counts.swapFailures++;
    freeLater(flow, segment.left, 'right', leftMemory, { delayPs: toLeft, arrive });
    freeLater(flow, segment.right, 'left', rightMemory, { delayPs: toRight, arrive });
  }
  freeMemory(flow, split, 'left', left.rightMemory, arrive);
  freeMemory(flow, split, 'right', right.leftMemory, arrive);
}

/** A pair below its target waits for another one to be purified with, if that can still help. */
function improve(flow: Flow, desk: Desk, pair: Pair, fidelity: number): void {
  if (flow.protocol.purification === 'none' || fidelity <= 1 / 2) {
    discard(flow, pair);
    return;
  }
  const partner = desk.impure.findIndex(({ rounds }) => rounds === pair.rounds);
  if (partner >= 0) {
    purify(flow, pair, desk.impure.splice(partner, 1)[0]!, arrive);
    return;
  }
  pair.place = 'impure';
  desk.impure.push(pair);
  relieve(flow, pair);
}

/**
 * When all memories of a node towards a neighbour hold pairs that wait for others of as many rounds, none would ever
 * come: the two closest in rounds are purified all the same, or the least of them given up.
 */
function relieve(flow: Flow, { segment: { left, right } }: Pair): void {
  const leftFull = isFull(flow, left, 'right');
  const rightFull = isFull(flow, right, 'left');
  if (!leftFull && !rightFull) return;
  const waiting = [...flow.desks.values()].flatMap(({ impure }) => impure);
  const fromLeft = waiting.filter(({ segment }) => segment.left === left);
  const fromRight = waiting.filter(({ segment }) => segment.right === right);
  if (leftFull && fromLeft.length === flow.banks.right[left]!.size) unblock(flow, fromLeft);
  else if (rightFull && fromRight.length === flow.banks.left[right]!.size) unblock(flow, fromRight);
}

/** No memory of a node towards a neighbour is free, will soon be, or attempts. */
function isFull(flow: Flow, place: number, side: 'left' | 'right'): boolean {
  const { free, returning } = flow.banks[side][place]!;
  const hop = side === 'right' ? place : place - 1;
  return free.length === 0 && returning === 0 && flow.generating[hop]!.size === 0;
}

function unblock(flow: Flow, waiting: readonly Pair[]): void {
  const two = closestRounds(waiting);
  const gone = two ?? [waiting.reduce((least, one) => (one.rounds < least.rounds ? one : least))];
  for (const pair of gone) {
    const { impure } = flow.desks.get(pair.segment)!;
    impure.splice(impure.indexOf(pair), 1);
  }
  if (two) purify(flow, two[0], two[1], arrive);
  else discard(flow, gone[0]!);
}

/** The two pairs of one stretch whose rounds differ least. */
function closestRounds(waiting: readonly Pair[]): readonly [Pair, Pair] | undefined {
  const couples = waiting.flatMap((a, index) =>
    waiting
      .slice(index + 1)
      .filter((b) => b.segment === a.segment)
      .map((b) => [a, b] as const),
  );
  const apart = ([a, b]: readonly [Pair, Pair]) => Math.abs(a.rounds - b.rounds);
  return couples.length === 0
    ? undefined
    : couples.reduce((best, one) => (apart(one) < apart(best) ? one : best));
}

/** The node that decides frees its memory; the other end waits to be told. */
function discard(flow: Flow, pair: Pair): void {
  const { left, right, controller } = pair.segment;
  const delayPs = flow.delayPs(left, right);
  retire(flow, pair);
  flow.counts.discarded++;
  flow.counts.messages++;
  log(flow, 'discarded', left, right, pair.leftMemory.index, pair.rightMemory.index);
  const told = { delayPs, arrive };
  if (controller === left) {
    freeLater(flow, right, 'left', pair.rightMemory, told);
    freeMemory(flow, left, 'right', pair.leftMemory, arrive);
  } else {
    freeLater(flow, left, 'right', pair.leftMemory, told);
    freeMemory(flow, right, 'left', pair.rightMemory, arrive);
  }
}

/** Both ends know when a pair is given up, so no message is needed. */
function watchExpiry(flow: Flow, pair: Pair): void {
  if (pair.expiresPs === Number.POSITIVE_INFINITY) return;
  later(flow, pair.expiresPs - flow.kernel.nowPs, () => {
    if (pair.place !== 'ready' && pair.place !== 'impure') return;
    const desk = flow.desks.get(pair.segment)!;
    const list = pair.place === 'ready' ? desk.ready : desk.impure;
    list.splice(list.indexOf(pair), 1);
    discard(flow, pair);
  });
}
