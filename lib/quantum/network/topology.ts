import { z } from 'zod';
import { InputError, readFileChecked, requireSchema } from '../../base/index.js';
import { memorySchema } from '../hardware/memory.js';
import { linkSchema } from '../link/index.js';
import { FIBRE_SPEED_KM_PER_SEC } from '../units.js';

/** Largest topology that is read: bytes of the file, nodes, links and classical channels. */
export const TOPOLOGY_LIMITS = Object.freeze({ bytes: 16 * 2 ** 20, nodes: 5000, links: 50_000 });

/** Names stand in file names, stream names and traces. */
export const nodeNameSchema = z
  .string()
  .regex(
    /^[\p{L}\p{N}_](?:[\p{L}\p{N} _.:()-]{0,78}[\p{L}\p{N}_.)])?$/u,
    'a name of 1 to 80 letters, digits and _ . : - ()',
  );

const probability = z.number().min(0).max(1);
const twoNames = z.tuple([nodeNameSchema, nodeNameSchema]);

/** A router: its memories, and how well it works on them. */
export const routerSchema = z
  .strictObject({
    name: nodeNameSchema,
    /** How many memories it has; any of them can serve any link. */
    memories: z.number().int().min(0).max(100_000).default(50),
    memory: memorySchema.prefault({}),
    /** Probability that a swap gives a pair: at most 1/2 with linear optics, below 1 wherever a photon is lost. */
    swapSuccessProbability: probability.default(1),
    /** Probability that a swap which gives a pair acts as wished; it leaves no correlation otherwise. */
    swapFidelity: probability.default(1),
    /** Probability that a two-qubit gate of a purification acts as wished. */
    gateFidelity: probability.default(1),
    /** Probability that a measured bit is read right. */
    readoutFidelity: probability.default(1),
  })
  .readonly();

/** A fibre between two routers and how it makes pairs. */
export const connectionSchema = z
  .strictObject({
    nodes: twoNames,
    lengthKm: z.number().min(0).max(1e5),
    attenuationDbPerKm: z.number().min(0).max(1000).default(0.2),
    speedKmPerSec: z.number().min(1).max(299_792.458).default(FIBRE_SPEED_KM_PER_SEC),
    /** Length of the fibre from the first node to the heralding station; without it, the station is in the middle. */
    stationAtKm: z.number().min(0).max(1e5).optional(),
    scheme: linkSchema.unwrap().shape.scheme,
    slotSec: linkSchema.unwrap().shape.slotSec,
    localSec: linkSchema.unwrap().shape.localSec,
    negotiation: linkSchema.unwrap().shape.negotiation,
  })
  .readonly();

/** A classical channel, and how long a message is on its way in either direction. */
export const classicalSchema = z
  .strictObject({ nodes: twoNames, delaySec: z.number().min(0).max(1000) })
  .readonly();

/** A network as a file holds it. */
export const topologySchema = z
  .strictObject({
    name: z.string().min(1).max(200).default('network'),
    nodes: z.array(routerSchema).min(1).max(TOPOLOGY_LIMITS.nodes).readonly(),
    links: z.array(connectionSchema).max(TOPOLOGY_LIMITS.links).readonly(),
    /**
     * Channels of messages. Two nodes without one between them send over the quickest way there is: channels given, and
     * the fibres of links that have none.
     */
    classical: z.array(classicalSchema).max(TOPOLOGY_LIMITS.links).readonly().default([]),
  })
  .readonly();

/** See `routerSchema`. Frozen. */
export type RouterSpec = z.output<typeof routerSchema>;
/** See `connectionSchema`. Frozen. */
export type ConnectionSpec = z.output<typeof connectionSchema>;
/** See `topologySchema`. Frozen. */
export type Topology = z.output<typeof topologySchema>;
export type TopologyInput = z.input<typeof topologySchema>;

/**
 * A network whose parts fit together.
 * @throws InputError for an unknown field, one out of its range, a name that stands twice, a link to an unknown node or
 *   from a node to itself, two links between the same nodes, or a station off its fibre.
 */
export function topology(input: TopologyInput): Topology {
  const network = requireSchema('topology', topologySchema, input);
  const names = new Set<string>();
  for (const { name } of network.nodes) {
    if (names.has(name)) fail(`node ${quoted(name)} stands twice`, 'each name once');
    names.add(name);
  }
  requireEdges('link', network.links, names);
  requireEdges('classical channel', network.classical, names);
  for (const { nodes, lengthKm, stationAtKm = 0 } of network.links) {
    if (stationAtKm > lengthKm) {
      fail(`link ${nodes.join(' - ')}: station at ${stationAtKm} km`, `0 to ${lengthKm} km, its length`);
    }
  }
  return network;
}

/**
 * A topology from the text of a JSON file.
 * @throws InputError as `topology`, or when the text is too long or no JSON.
 */
export function parseTopology(text: string, what = 'topology'): Topology {
  return topology(parseJson(text, what) as TopologyInput);
}

/**
 * A topology from a JSON file.
 * @throws InputError as `topology`, or when the file cannot be read, is too large or is no JSON.
 */
export function readTopology(path: string): Topology {
  const bytes = readFileChecked(path, 'topology', { maxBytes: TOPOLOGY_LIMITS.bytes });
  return parseTopology(bytes.toString('utf8'), path);
}

/** @throws InputError for text that is too long or no JSON. */
export function parseJson(text: string, what: string): unknown {
  if (text.length > TOPOLOGY_LIMITS.bytes) {
    throw new InputError(`${what}: ${text.length} characters; allowed: up to ${TOPOLOGY_LIMITS.bytes}`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(`${what}: no JSON: ${(error as Error).message.replace(/\s+/g, ' ').slice(0, 120)}`);
  }
}

interface Between {
  readonly nodes: readonly [string, string];
}

function requireEdges(kind: string, edges: readonly Between[], names: ReadonlySet<string>): void {
  const seen = new Set<string>();
  for (const { nodes } of edges) {
    const [a, b] = nodes;
    const what = `${kind} ${a} - ${b}`;
    const unknown = nodes.find((name) => !names.has(name));
    if (unknown !== undefined) fail(`${what}: no node ${quoted(unknown)}`, 'names of nodes');
    if (a === b) fail(`${what}: from a node to itself`, 'two different nodes');
    const key = JSON.stringify(a < b ? [a, b] : [b, a]);
    if (seen.has(key)) fail(`${what} stands twice`, 'one between two nodes');
    seen.add(key);
  }
}

const quoted = (name: string): string => JSON.stringify(name);

function fail(found: string, allowed: string): never {
  throw new InputError(`topology: ${found}; allowed: ${allowed}`);
}
