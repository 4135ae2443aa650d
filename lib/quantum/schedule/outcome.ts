import { swappedFidelity, wernerState } from '../bell.js';
import { bbpssw } from '../purify.js';
import { type LinkProtocol, OPERATION_SLOTS, type Protocol, partsOf } from './protocol.js';

/** What a job of a protocol gives. */
export interface Outcome {
  /** Of a delivered pair at the job's end, mean over the jobs that succeed. */
  readonly fidelity: number;
  readonly successProbability: number;
}

interface Expected extends Outcome {
  readonly atSlot: number;
}

/**
 * Expected outcome of a job whose pairs depolarise while they wait: a pair's Werner weight falls by 1/e in `lifetimeSlots`,
 * from the slot in which its link succeeded to the job's end. Exact for Werner pairs: swaps and distillations are linear
 * in each weight, and waits are independent.
 * @param startSlots when each operation starts, in the order of `unfold`
 * @param lifetimeSlots of a stored pair; Infinity: pairs keep
 */
export function expectedOutcome(
  protocol: Protocol,
  startSlots: readonly number[],
  lifetimeSlots: number,
): Outcome {
  let next = 0;
  const visit = (one: Protocol): Expected => {
    const parts = partsOf(one).map(visit);
    const start = startSlots[next++]!;
    if (one.kind === 'link') return expectedLink(one, start, lifetimeSlots);
    const atSlot = start + OPERATION_SLOTS;
    const [first, second] = parts as [Expected, Expected];
    const f1 = aged(first, atSlot, lifetimeSlots);
    const f2 = aged(second, atSlot, lifetimeSlots);
    const both = first.successProbability * second.successProbability;
    if (one.kind === 'swap') return { atSlot, fidelity: swappedFidelity(f1, f2), successProbability: both };
    const { state, successProbability } = bbpssw(wernerState(f1), wernerState(f2));
    return { atSlot, fidelity: state.phiPlus, successProbability: both * successProbability };
  };
  const { fidelity, successProbability } = visit(protocol);
  return { fidelity, successProbability };
}

/** Mean over the slot of the first success, given that there is one. */
function expectedLink(link: LinkProtocol, startSlot: number, lifetimeSlots: number): Expected {
  const { slots, successPerSlot, successProbability } = link;
  let kept = 0;
  for (let slot = 0; slot < slots; slot++) {
    const first = successPerSlot * (1 - successPerSlot) ** slot;
    kept += (first / successProbability) * Math.exp(-(slots - 1 - slot) / lifetimeSlots);
  }
  const fidelity = depolarised(link.fidelity, kept);
  return { atSlot: startSlot + slots, fidelity, successProbability };
}

const aged = ({ fidelity, atSlot }: Expected, slot: number, lifetimeSlots: number): number =>
  depolarised(fidelity, Math.exp((atSlot - slot) / lifetimeSlots));

/** Fidelity of a Werner pair of which the share `kept` of its weight is left. */
const depolarised = (fidelity: number, kept: number): number => kept * fidelity + (1 - kept) / 4;
