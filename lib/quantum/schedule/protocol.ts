import { swappedFidelity, wernerState } from '../bell.js';
import { bbpssw } from '../purify.js';

/** Two nodes that share a pair. */
export type Ends = readonly [a: string, b: string];

interface Made {
  readonly ends: Ends;
  /** Of the pair that it makes when nothing fails; pairs are Werner states. */
  readonly fidelity: number;
  /** Probability that it and all that it is made from succeed. */
  readonly successProbability: number;
}

/** Attempts on a link during a block of slots; the first success counts. */
export interface LinkProtocol extends Made {
  readonly kind: 'link';
  readonly slots: number;
  readonly successPerSlot: number;
}

/** Two pairs that share a node become one between the other ends. The swap succeeds always; one slot. */
export interface SwapProtocol extends Made {
  readonly kind: 'swap';
  readonly at: string;
  readonly first: Protocol;
  readonly second: Protocol;
}

/** Two pairs between the same ends become one of higher fidelity, or none (BBPSSW); one slot. */
export interface DistilProtocol extends Made {
  readonly kind: 'distil';
  readonly kept: Protocol;
  readonly measured: Protocol;
  /** Probability that the measured bits agree. */
  readonly agreement: number;
}

/** How a pair is made: a tree of links, swaps and distillations. */
export type Protocol = LinkProtocol | SwapProtocol | DistilProtocol;

/** Slots that a swap or a distillation takes. */
export const OPERATION_SLOTS = 1;

/**
 * A block of link slots that yields a pair with at least the probability wished for. Successes are a Poisson process:
 * 1 - exp(-rate slot) a slot.
 */
export function linkProtocol(
  ends: Ends,
  { fidelity, ratePerSec }: { fidelity: number; ratePerSec: number },
  { slotSec, linkSuccess }: { slotSec: number; linkSuccess: number },
): LinkProtocol {
  const meanPerSlot = ratePerSec * slotSec;
  // The margin keeps a quotient that is a whole number from being rounded up.
  const slots = Math.max(1, Math.ceil(-Math.log1p(-linkSuccess) / meanPerSlot - 1e-9));
  return {
    kind: 'link',
    ends,
    fidelity,
    slots,
    successPerSlot: -Math.expm1(-meanPerSlot),
    successProbability: -Math.expm1(-meanPerSlot * slots),
  };
}

/** The swap of two pairs that share the node `at`, of which `first` is made first. */
export function swapProtocol(first: Protocol, second: Protocol, at: string): SwapProtocol {
  return {
    kind: 'swap',
    ends: [otherEnd(first, at), otherEnd(second, at)],
    at,
    first,
    second,
    fidelity: swappedFidelity(first.fidelity, second.fidelity),
    successProbability: first.successProbability * second.successProbability,
  };
}

const otherEnd = ({ ends: [a, b] }: Protocol, at: string): string => (a === at ? b : a);

/** The distillation of a pair by another between the same ends. */
export function distilProtocol(kept: Protocol, measured: Protocol): DistilProtocol {
  const { state, successProbability } = bbpssw(wernerState(kept.fidelity), wernerState(measured.fidelity));
  return {
    kind: 'distil',
    ends: kept.ends,
    kept,
    measured,
    agreement: successProbability,
    fidelity: state.phiPlus,
    successProbability: successProbability * kept.successProbability * measured.successProbability,
  };
}

/** What a protocol is made from: none for a link. */
export function partsOf(protocol: Protocol): readonly Protocol[] {
  if (protocol.kind === 'link') return [];
  return protocol.kind === 'swap' ? [protocol.first, protocol.second] : [protocol.kept, protocol.measured];
}

/** How often each operation occurs in a protocol. */
export function countOperations(protocol: Protocol): Record<Protocol['kind'], number> {
  const counts = { link: 0, swap: 0, distil: 0 };
  const visit = (one: Protocol) => {
    counts[one.kind]++;
    partsOf(one).forEach(visit);
  };
  visit(protocol);
  return counts;
}
