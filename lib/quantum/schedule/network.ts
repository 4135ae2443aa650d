import { z } from 'zod';
import { InputError, requireSchema } from '../../base/index.js';

/** A fidelity at which a link can make pairs, and how many it then makes in a second on average. */
export const linkCapabilitySchema = z.strictObject({
  fidelity: z.number().gt(0.5).max(1),
  ratePerSec: z.number().positive().max(1e12),
});

const nodeName = z
  .string()
  .regex(/^[\p{L}\d][\p{L}\d _.-]{0,63}$/u, 'a name is 1 to 64 letters, digits, blanks, _ . and -');

const nodeSchema = z.strictObject({
  name: nodeName,
  /** Qubits that can be entangled with a neighbour's; every gate and measurement passes through one of them. */
  communicationQubits: z.int().min(1).max(1000).default(1),
  /** Qubits that only store. */
  storageQubits: z.int().min(0).max(1000).default(3),
});

const linkSchema = z.strictObject({
  ends: z.tuple([nodeName, nodeName]),
  lengthKm: z.number().positive().max(1e5),
  capabilities: z.array(linkCapabilitySchema).min(1).max(100),
});

export const qosNetworkSchema = z.strictObject({
  name: z.string().min(1).max(100),
  nodes: z.array(nodeSchema).min(2).max(1000),
  links: z.array(linkSchema).min(1).max(10_000),
});

export type LinkCapability = Readonly<z.output<typeof linkCapabilitySchema>>;
export type QosNode = Readonly<z.output<typeof nodeSchema>>;
export type QosLink = Readonly<z.output<typeof linkSchema>>;

/** A network whose nodes have few qubits, and whose links trade fidelity for rate. */
export interface QosNetwork {
  readonly name: string;
  readonly nodes: readonly QosNode[];
  readonly links: readonly QosLink[];
}

/** What `qosNetwork` takes: numbers of qubits may be left out (one for communication, three for storage). */
export type QosNetworkInput = z.input<typeof qosNetworkSchema>;

/**
 * A checked network.
 * @throws InputError for what the schema refuses, a name that is there twice, or a link to itself or to a node that is
 *   not there.
 */
export function qosNetwork(input: unknown): QosNetwork {
  const network = requireSchema('network', qosNetworkSchema, input);
  const names = new Set<string>();
  for (const { name } of network.nodes) {
    if (names.has(name))
      throw new InputError(`network: two nodes are named ${name}; allowed: each name once`);
    names.add(name);
  }
  const linked = new Set<string>();
  for (const { ends } of network.links) {
    const key = [...ends].sort().join('/');
    const faulty = ends[0] === ends[1] || linked.has(key) || !ends.every((end) => names.has(end));
    if (faulty) {
      throw new InputError(
        `network: link ${ends.join(' to ')}; allowed: two different nodes of the network, each pair once`,
      );
    }
    linked.add(key);
  }
  return Object.freeze(network);
}

/** The link between two neighbours. @throws InputError when there is none. */
export function linkBetween(network: QosNetwork, a: string, b: string): QosLink {
  const found = network.links.find(({ ends }) => ends.includes(a) && ends.includes(b));
  if (!found) throw new InputError(`no link joins ${a} and ${b}; allowed: neighbours in ${network.name}`);
  return found;
}

/**
 * The shortest path by length, ends included (Dijkstra 1959); undefined when no path joins the two.
 * @throws InputError for a node that the network lacks, or two equal ends.
 */
export function shortestPath(network: QosNetwork, source: string, destination: string): string[] | undefined {
  for (const end of [source, destination]) {
    if (!network.nodes.some(({ name }) => name === end))
      throw new InputError(`node ${end}; allowed: ${network.nodes.map(({ name }) => name).join(', ')}`);
  }
  if (source === destination)
    throw new InputError(`a pair from ${source} to itself; allowed: two different ends`);
  const lengthKm = new Map([[source, 0]]);
  const before = new Map<string, string>();
  const open = new Set([source]);
  while (open.size > 0) {
    const here = [...open].reduce((a, b) => (lengthKm.get(b)! < lengthKm.get(a)! ? b : a));
    if (here === destination) return walkBack(before, destination);
    open.delete(here);
    for (const { ends, lengthKm: step } of network.links.filter((link) => link.ends.includes(here))) {
      const next = ends[0] === here ? ends[1] : ends[0];
      const through = lengthKm.get(here)! + step;
      if (through >= (lengthKm.get(next) ?? Infinity)) continue;
      lengthKm.set(next, through);
      before.set(next, here);
      open.add(next);
    }
  }
  return undefined;
}

function walkBack(before: ReadonlyMap<string, string>, destination: string): string[] {
  const path = [destination];
  for (let at = before.get(destination); at !== undefined; at = before.get(at)) path.unshift(at);
  return path;
}
