import type { QosNetwork } from './network.js';
import { linkBetween } from './network.js';
import {
  distilProtocol,
  linkProtocol,
  OPERATION_SLOTS,
  type Protocol,
  swapProtocol,
} from './protocol.js';

/** How protocols are made and how many are looked at. */
export interface SearchOptions {
  readonly slotSec: number;
  /** Probability with which a block of link slots shall yield a pair. */
  readonly linkSuccess: number;
  /** Distillations one upon another, at each length of path. */
  readonly distillationRounds: number;
}

/** A protocol and the slots that it takes if one operation follows another. */
export interface Candidate {
  readonly protocol: Protocol;
  readonly serialSlots: number;
}

/** Candidates kept for each part of a path, spread over the fidelities. */
const MOST_CANDIDATES = 24;

/**
 * Protocols for the pair of a path's two ends, none of which is worse than another in all of fidelity, yield and serial
 * time. Every way to split the path at a node is tried, and distillation at each length, link by link up to the whole.
 */
export function protocolsOf(
  network: QosNetwork,
  path: readonly string[],
  options: SearchOptions,
): Candidate[] {
  const hops = path.length - 1;
  const found = new Map<string, Candidate[]>();
  const at = (from: number, to: number) => found.get(`${from}/${to}`)!;
  for (let length = 1; length <= hops; length++) {
    for (let from = 0; from + length <= hops; from++) {
      const to = from + length;
      const made: Candidate[] = length === 1 ? linkCandidates(network, path[from]!, path[to]!, options) : [];
      for (let split = from + 1; split < to; split++)
        made.push(...swapsOf(at(from, split), at(split, to), path[split]!));
      found.set(`${from}/${to}`, distilled(pareto(made), options.distillationRounds));
    }
  }
  return at(0, hops);
}

function linkCandidates(network: QosNetwork, a: string, b: string, options: SearchOptions): Candidate[] {
  return linkBetween(network, a, b).capabilities.map((capability) => {
    const protocol = linkProtocol([a, b], capability, options);
    return { protocol, serialSlots: protocol.slots };
  });
}

function swapsOf(left: readonly Candidate[], right: readonly Candidate[], node: string): Candidate[] {
  return left.flatMap((l) =>
    right.map((r) => ({
      protocol: swapProtocol(l.protocol, r.protocol, node),
      serialSlots: l.serialSlots + r.serialSlots + OPERATION_SLOTS,
    })),
  );
}

function distilled(candidates: readonly Candidate[], rounds: number): Candidate[] {
  let kept = [...candidates];
  for (let round = 0; round < rounds; round++) {
    const made = kept.flatMap((k) =>
      kept.flatMap((m) => {
        const protocol = distilProtocol(k.protocol, m.protocol);
        const gains = protocol.fidelity > Math.max(k.protocol.fidelity, m.protocol.fidelity);
        return gains ? [{ protocol, serialSlots: k.serialSlots + m.serialSlots + OPERATION_SLOTS }] : [];
      }),
    );
    kept = pareto([...kept, ...made]);
  }
  return kept;
}

/** Pairs delivered a slot if the protocol runs again and again, one operation at a time. */
export const serialRate = ({ protocol, serialSlots }: Candidate): number =>
  protocol.successProbability / serialSlots;

/** Drops entangled-no-more pairs and whatever another candidate beats in fidelity and in serial rate. */
function pareto(candidates: readonly Candidate[]): Candidate[] {
  const sorted = candidates
    .filter(({ protocol }) => protocol.fidelity > 0.5)
    .sort((a, b) => b.protocol.fidelity - a.protocol.fidelity || serialRate(b) - serialRate(a));
  const front: Candidate[] = [];
  for (const candidate of sorted)
    if (front.length === 0 || serialRate(candidate) > serialRate(front.at(-1)!)) front.push(candidate);
  if (front.length <= MOST_CANDIDATES) return front;
  const step = (front.length - 1) / (MOST_CANDIDATES - 1);
  return Array.from({ length: MOST_CANDIDATES }, (_, index) => front[Math.round(index * step)]!);
}
