import type { Path } from '../bounds/index.js';
import type { QosLink, QosNetwork } from './network.js';
import { distilProtocol, linkProtocol, OPERATION_SLOTS, type Protocol, swapProtocol } from './protocol.js';

/** How protocols are made and which are looked at. */
export interface SearchOptions {
  readonly slotSec: number;
  /** Probability with which a block of link slots shall yield a pair. */
  readonly linkSuccess: number;
  /** Distillations one upon another, at each length of path. */
  readonly distillationRounds: number;
}

/** A protocol, and what it takes if its operations follow one another in order. */
export interface Candidate {
  readonly protocol: Protocol;
  readonly serialSlots: number;
  /** Storage qubits needed at most at each node. */
  readonly storage: ReadonlyMap<string, number>;
}

/** Protocols that succeed less often are not looked at. */
const LEAST_SUCCESS = 0.02;

/** Parts of a path keep the best candidate in each of this many bins of ln(1 - F) per unit of it. */
const BINS = 12;

/** Pairs delivered a slot if the protocol runs again and again, one operation at a time. */
export const serialRate = ({ protocol, serialSlots }: Candidate): number =>
  protocol.successProbability / serialSlots;

/**
 * Protocols for the pair of a path's two ends: every way to split the path at a node, and distillation at each length,
 * from the links up to the whole. None is worse than another in both fidelity and serial rate, and each fits the storage
 * of the nodes. Parts of the path are thinned out by fidelity, so the best is found nearly, not surely.
 */
export function protocolsOf(
  network: QosNetwork,
  { nodes, edges }: Pick<Path<QosLink>, 'nodes' | 'edges'>,
  options: SearchOptions,
): Candidate[] {
  const hops = edges.length;
  const capacity = new Map(network.nodes.map(({ name, storageQubits }) => [name, storageQubits]));
  const hasStorage = ({ storage }: Candidate) =>
    [...storage].every(([node, needed]) => needed <= capacity.get(node)!);
  const found = new Map<string, Candidate[]>();
  const between = (from: number, to: number) => found.get(`${from}/${to}`)!;
  for (let length = 1; length <= hops; length++) {
    for (let from = 0; from + length <= hops; from++) {
      const to = from + length;
      let front = length === 1 ? linkCandidates(edges[from]!, options) : [];
      for (let split = from + 1; split < to; split++)
        front.push(...swapsOf(between(from, split), between(split, to), nodes[split]!).filter(hasStorage));
      front = worthwhile(front);
      for (let round = 0; round < options.distillationRounds; round++)
        front = worthwhile([...front, ...distillationsOf(thinned(front)).filter(hasStorage)]);
      found.set(`${from}/${to}`, length < hops ? thinned(front) : front);
    }
  }
  return between(0, hops);
}

function linkCandidates({ ends, capabilities }: QosLink, options: SearchOptions): Candidate[] {
  return capabilities.map((capability) => {
    const protocol = linkProtocol(ends, capability, options);
    const storage = new Map(protocol.ends.map((node) => [node, 1]));
    return { protocol, serialSlots: protocol.slots, storage };
  });
}

function swapsOf(left: readonly Candidate[], right: readonly Candidate[], node: string): Candidate[] {
  return left.flatMap((l) =>
    right.map((r) => {
      // What stores more at the shared node is made first, before the other's half lies there.
      const [first, second] = l.storage.get(node)! >= r.storage.get(node)! ? [l, r] : [r, l];
      return combined(swapProtocol(first.protocol, second.protocol, node), first, second, [node]);
    }),
  );
}

function distillationsOf(candidates: readonly Candidate[]): Candidate[] {
  return candidates.flatMap((kept) =>
    candidates.flatMap((measured) => {
      const protocol = distilProtocol(kept.protocol, measured.protocol);
      const gains = protocol.fidelity > Math.max(kept.protocol.fidelity, measured.protocol.fidelity);
      return gains ? [combined(protocol, kept, measured, protocol.ends)] : [];
    }),
  );
}

/** One operation on what two candidates make, one after the other; at `shared` nodes the first result waits for the second. */
function combined(
  protocol: Protocol,
  first: Candidate,
  second: Candidate,
  shared: readonly string[],
): Candidate {
  const storage = new Map(first.storage);
  for (const [node, needed] of second.storage)
    storage.set(node, Math.max(storage.get(node) ?? 0, needed + (shared.includes(node) ? 1 : 0)));
  return { protocol, storage, serialSlots: first.serialSlots + second.serialSlots + OPERATION_SLOTS };
}

/** Drops pairs without entanglement, rare successes, and whatever another beats in fidelity and in serial rate. */
function worthwhile(candidates: readonly Candidate[]): Candidate[] {
  const sorted = candidates
    .filter(({ protocol }) => protocol.fidelity > 0.5 && protocol.successProbability >= LEAST_SUCCESS)
    .sort((a, b) => b.protocol.fidelity - a.protocol.fidelity || serialRate(b) - serialRate(a));
  const front: Candidate[] = [];
  for (const candidate of sorted)
    if (front.length === 0 || serialRate(candidate) > serialRate(front.at(-1)!)) front.push(candidate);
  return front;
}

/** Of a front, the candidate of the highest rate in each bin of fidelity. */
function thinned(front: readonly Candidate[]): Candidate[] {
  const bins = new Map<number, Candidate>();
  for (const candidate of front)
    bins.set(Math.round(BINS * Math.log(1 - candidate.protocol.fidelity + 1e-9)), candidate);
  return [...bins.values()];
}
