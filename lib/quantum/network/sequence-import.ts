import { InputError, readFileChecked, requireSchema } from '../../base/index.js';
import { mean } from '../../math/index.js';
import { PS_PER_SEC } from '../units.js';
import {
  PLAIN_DETECTOR,
  PLAIN_TEMPLATE,
  type SequenceFile,
  type SequenceTemplate,
  sequenceSchema,
} from './sequence-schema.js';
import { parseJson, TOPOLOGY_LIMITS, type Topology, type TopologyInput, topology } from './topology.js';

/** A topology made from a file of SeQUeNCe, and what of that file has no meaning here. */
export interface ImportedTopology {
  readonly topology: Topology;
  /** One line each. */
  readonly notes: readonly string[];
}

type Node = TopologyInput['nodes'][number];
type Connection = TopologyInput['links'][number];
type Classical = NonNullable<TopologyInput['classical']>[number];

/** Light in fibre, metres a picosecond. */
const METRES_PER_PS = 2e-4;
/** SeQUeNCe's length of a classical channel of which the file says nothing. */
const CLASSICAL_METRES = 1000;

/**
 * A router network in SeQUeNCe's JSON format (`RouterNetTopo`, versions 0.6 to 1.0), with links by `qconnections` of the
 * type `meet_in_the_middle` or by two `qchannels` to a BSM node. Metres, dB/m and picoseconds become km, dB/km and
 * seconds; what the file leaves out is as SeQUeNCe has it. Its factor on the fidelity of a swap becomes `swapFidelity`,
 * its coherence time the time after which a pair is given up.
 * @throws InputError for an unknown key, a value out of range, a BSM node without just two routers, channels that do not
 *   fit together, and as `topology`.
 */
export function importSequence(json: unknown, what = 'SeQUeNCe topology'): ImportedTopology {
  const file = requireSchema(what, sequenceSchema, json);
  const notes: string[] = [];
  const templates = new Map(Object.entries(file.templates));
  const templateOf = (name: string | undefined): SequenceTemplate => {
    const found = name === undefined ? PLAIN_TEMPLATE : templates.get(name);
    if (!found)
      throw new InputError(`${what}: no template ${JSON.stringify(name)}; allowed: those of the file`);
    return found;
  };
  const routers = file.nodes.filter(({ type }) => type === 'QuantumRouter');
  const network = topology({
    name: what,
    nodes: routers.map((node) => routerOf(node, templateOf(node.template), file.formalism)),
    links: [
      ...file.qconnections.map((one) => midpointConnection(one, templateOf(one.template))),
      ...stationConnections(file, templateOf, what),
    ],
    classical: classicalOf(file, notes),
  });
  return { topology: network, notes: [...notes, ...leftOut(file)] };
}

/**
 * A network from a JSON file of SeQUeNCe.
 * @throws InputError as `importSequence`, or when the file cannot be read, is too large or is no JSON.
 */
export function readSequence(path: string): ImportedTopology {
  const bytes = readFileChecked(path, 'topology', { maxBytes: TOPOLOGY_LIMITS.bytes });
  return importSequence(parseJson(bytes.toString('utf8'), path), path);
}

function routerOf(
  node: SequenceFile['nodes'][number],
  { MemoryArray: array, EntanglementSwapping: swap }: SequenceTemplate,
  formalism: string | undefined,
): Node {
  const {
    name,
    memo_size: memories,
    gate_fidelity: gateFidelity,
    measurement_fidelity: readoutFidelity,
  } = node;
  return {
    name,
    memories,
    memory: {
      efficiency: array.efficiency,
      rawFidelity: array.fidelity,
      rateHz: array.frequency,
      ...(array.coherence_time > 0 ? { cutoffSec: array.coherence_time * array.cutoff_ratio } : {}),
    },
    swapSuccessProbability: swap.swapping_success_prob,
    swapFidelity: formalism === 'bell_diagonal' ? gateFidelity : swap.swapping_degradation,
    gateFidelity,
    readoutFidelity,
  };
}

function midpointConnection(
  { node1, node2, distance, attenuation }: SequenceFile['qconnections'][number],
  template: SequenceTemplate,
): Connection {
  return {
    nodes: [node1, node2],
    lengthKm: distance / 1000,
    attenuationDbPerKm: attenuation * 1000,
    scheme: schemeOf(template),
    negotiation: 'round',
  };
}

/** Links by explicit BSM nodes: two channels each, one from either router. */
function stationConnections(
  { nodes, qchannels }: SequenceFile,
  templateOf: (name: string | undefined) => SequenceTemplate,
  what: string,
): Connection[] {
  const stations = new Map(nodes.filter(({ type }) => type === 'BSMNode').map((node) => [node.name, node]));
  const arms = new Map([...stations.keys()].map((name): [string, SequenceFile['qchannels']] => [name, []]));
  for (const channel of qchannels) {
    const own = arms.get(channel.destination);
    if (!own) fail(what, `quantum channel to ${JSON.stringify(channel.destination)}`, 'to BSM nodes');
    own.push(channel);
  }
  return [...arms].map(([name, channels]) => {
    const [left, right, more] = channels;
    if (!left || !right || more) fail(what, `BSM node ${name} has ${channels.length} quantum channels`, '2');
    if (left.attenuation !== right.attenuation) {
      fail(
        what,
        `BSM node ${name} has fibres of ${left.attenuation} and ${right.attenuation} dB/m`,
        'one loss',
      );
    }
    const connection = midpointConnection(
      {
        node1: left.source,
        node2: right.source,
        distance: left.distance + right.distance,
        attenuation: left.attenuation,
        type: 'meet_in_the_middle',
      },
      templateOf(stations.get(name)!.template),
    );
    return { ...connection, stationAtKm: left.distance / 1000 };
  });
}

/** "Single heralded" in SeQUeNCe needs both detectors in one round: the two-photon scheme. */
function schemeOf(template: SequenceTemplate): Connection['scheme'] {
  const kind = template.encoding_type === 'single_heralded' ? 'two-photon' : 'barrett-kok';
  const bsm = kind === 'two-photon' ? template.SingleHeraldedBSM : template.SingleAtomBSM;
  const [first, second] = bsm?.detectors ?? [PLAIN_DETECTOR, PLAIN_DETECTOR];
  if (JSON.stringify(first) !== JSON.stringify(second)) {
    throw new InputError('two different detectors in a template; allowed: equal ones');
  }
  const detector = {
    efficiency: first!.efficiency,
    darkCountRateHz: first!.dark_count,
    deadTimeSec: 1 / first!.count_rate,
    timeResolutionSec: first!.time_resolution / PS_PER_SEC,
  };
  return { kind, station: { detector } };
}

interface Message {
  readonly ends: readonly [string, string];
  readonly delayPs: number;
}

/** Channels between routers, the mean of the two directions; those of BSM nodes follow from the fibres here. */
function classicalOf(file: SequenceFile, notes: string[]): Classical[] {
  const stations = new Set(file.nodes.filter(({ type }) => type === 'BSMNode').map(({ name }) => name));
  const given = messagesOf(file);
  const messages = given.filter(({ ends }) => !ends.some((name) => stations.has(name)));
  if (messages.length < given.length) {
    notes.push('classical channels of BSM nodes: heralds take their share of the delay between the routers');
  }
  const delays = new Map<string, Message[]>();
  for (const message of messages) {
    const key = JSON.stringify([...message.ends].sort());
    delays.set(key, [...(delays.get(key) ?? []), message]);
  }
  return [...delays.values()].map((ways) => {
    const [{ ends, delayPs }] = ways as [Message];
    if (ways.some((way) => way.delayPs !== delayPs))
      notes.push(`messages ${ends.join(' - ')}: mean of two delays`);
    return { nodes: [...ends], delaySec: mean(ways.map((way) => way.delayPs)) / PS_PER_SEC };
  });
}

function messagesOf({ cconnections, cchannels }: SequenceFile): Message[] {
  const delayOf = ({ delay = -1, distance = CLASSICAL_METRES }: { delay?: number; distance?: number }) =>
    delay >= 0 ? delay : distance / METRES_PER_PS;
  return [
    ...cconnections.map((one): Message => ({ ends: [one.node1, one.node2], delayPs: delayOf(one) })),
    ...cchannels.map((one): Message => ({ ends: [one.source, one.destination], delayPs: delayOf(one) })),
  ];
}

function leftOut({ nodes, qconnections, templates, ...file }: SequenceFile): string[] {
  const notes: string[] = [];
  if ([...nodes, ...qconnections].some(({ seed }) => seed !== undefined)) {
    notes.push('seeds: random streams follow from names');
  }
  if (file.stop_time !== undefined) notes.push('stop_time: the run says how long it is');
  if (file.formalism !== undefined) notes.push(`formalism ${file.formalism}: states are Bell-diagonal`);
  for (const [name, { MemoryArray: array, routing }] of Object.entries(templates)) {
    if (array.decoherence_errors !== undefined)
      notes.push(`template ${name}: decoherence_errors have no part here`);
    if (array.wavelength !== undefined) notes.push(`template ${name}: wavelength has no part here`);
    if (routing !== undefined) notes.push(`template ${name}: routing is chosen by the protocol`);
  }
  return notes;
}

function fail(what: string, found: string, allowed: string): never {
  throw new InputError(`${what}: ${found}; allowed: ${allowed}`);
}
