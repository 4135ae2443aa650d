import { z } from 'zod';
import { requireSchema } from '../../base/index.js';
import { type Graph, graphOf } from '../bounds/index.js';

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
  readonly graph: Graph<QosLink>;
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
  const graph = graphOf(
    network.nodes.map(({ name }) => name),
    network.links,
  );
  return Object.freeze({ ...network, graph });
}
