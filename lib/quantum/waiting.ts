import { InputError, requireInteger } from '../base/index.js';
import type { Rng } from '../math/index.js';
import { requireProbability } from './bell.js';

/**
 * Mean number of slots until all of `links` independent links have succeeded, each with probability p a slot: the
 * mean of the largest of n geometric numbers, Σ (-1)^(k+1) C(n,k) / (1 - (1-p)^k), here by the number of links still
 * missing after a slot, a sum without cancellation.
 * @param links from 1 to 1,000
 * @throws InputError otherwise, or for p outside (0, 1].
 */
export function expectedSlots(links: number, successProbability: number): number {
  requireInteger('links', links, 1, 1000);
  const p = requirePositive(successProbability);
  if (p === 1) return 1;
  const slots = new Float64Array(links + 1);
  for (let n = 1; n <= links; n++) slots[n] = slotsFrom(n, p, slots);
  return slots[links]!;
}

function slotsFrom(n: number, p: number, slots: Float64Array): number {
  const logFail = Math.log1p(-p);
  let sum = 1;
  let logChoose = 0;
  for (let missing = n - 1; missing >= 1; missing--) {
    logChoose += Math.log((missing + 1) / (n - missing));
    sum += Math.exp(logChoose + (n - missing) * Math.log(p) + missing * logFail) * slots[missing]!;
  }
  return sum / -Math.expm1(n * logFail);
}

/** Probability that a link succeeds first in slot `slot`, 1, 2, ... @throws InputError for p outside (0, 1]. */
export function geometricProbability(slot: number, successProbability: number): number {
  requireInteger('slot', slot, 1);
  const p = requirePositive(successProbability);
  return p * (1 - p) ** (slot - 1);
}

/** Probability that all of `links` links have succeeded within `slots` slots: (1 - (1-p)^slots)^links. */
export function allWithin(slots: number, links: number, successProbability: number): number {
  requireInteger('slots', slots, 0);
  requireInteger('links', links, 1);
  return (1 - (1 - requirePositive(successProbability)) ** slots) ** links;
}

/** Probability that of two links one waits `slots` slots for the other. @throws InputError for p outside (0, 1]. */
export function storageProbability(slots: number, successProbability: number): number {
  requireInteger('slots', slots, 0);
  const p = requirePositive(successProbability);
  return ((slots === 0 ? 1 : 2) * p * (1 - p) ** slots) / (2 - p);
}

/**
 * Coherence left on average of the earlier of two links when the later one is there: E[λ^|Δ|] with λ = exp(-1/T) a slot.
 * @param memorySlots T, the time in slots in which a stored pair's coherence falls to 1/e
 * @throws InputError for p outside (0, 1] or T not above 0.
 */
export function storedCoherence(successProbability: number, memorySlots: number): number {
  const p = requirePositive(successProbability);
  if (!(memorySlots > 0)) throw new InputError(`memorySlots is ${memorySlots}; allowed: a number above 0`);
  const decay = (1 - p) * Math.exp(-1 / memorySlots);
  return (p / (2 - p)) * (1 + (2 * decay) / (1 - decay));
}

/**
 * The slot of the first success, 1, 2, ...: as many trials as a loop would make, in one draw.
 * @throws InputError for p outside (0, 1].
 */
export function drawSlot(rng: Rng, successProbability: number): number {
  const p = requirePositive(successProbability);
  if (p === 1) return 1;
  return 1 + Math.floor(Math.log1p(-rng.uniform()) / Math.log1p(-p));
}

/** The slot in which the last of `links` links succeeds. @throws InputError for p outside (0, 1]. */
export function drawLastSlot(rng: Rng, links: number, successProbability: number): number {
  let last = 0;
  for (let link = 0; link < links; link++) last = Math.max(last, drawSlot(rng, successProbability));
  return last;
}

function requirePositive(successProbability: number): number {
  if (successProbability === 0) throw new InputError('successProbability is 0; allowed: above 0 up to 1');
  return requireProbability('successProbability', successProbability);
}
