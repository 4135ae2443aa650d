import { z } from 'zod';
import { nodeNameSchema, TOPOLOGY_LIMITS } from './topology.js';

const metres = z.number().min(0).max(1e8);
const picoseconds = z.number().min(-1).max(1e15);
const probability = z.number().min(0).max(1);
const many = <T extends z.ZodType>(one: T) => z.array(one).max(TOPOLOGY_LIMITS.links).default([]);
const perMetre = z.number().min(0).max(1);
/** Kept in the file for SeQUeNCe, without a meaning here. */
const unused = z.unknown().optional();

const detector = z.strictObject({
  efficiency: probability.default(0.9),
  /** Hz. */
  dark_count: z.number().min(0).default(0),
  /** Hz. */
  count_rate: z.number().min(1).default(25e6),
  /** ps. */
  time_resolution: z.number().min(1).default(150),
});

const bsm = z.strictObject({ phase_error: unused, detectors: z.array(detector).length(2).optional() });

const template = z.strictObject({
  MemoryArray: z
    .strictObject({
      fidelity: probability.default(0.85),
      /** Hz. */
      frequency: z.number().gt(0).default(80e6),
      efficiency: probability.default(1),
      /** Seconds; -1 is without end. */
      coherence_time: z.number().min(-1).default(-1),
      cutoff_ratio: z.number().gt(0).max(1).default(1),
      cutoff_flag: unused,
      decoherence_errors: unused,
      wavelength: unused,
    })
    .prefault({}),
  SingleAtomBSM: bsm.optional(),
  SingleHeraldedBSM: bsm.optional(),
  encoding_type: z.enum(['single_atom', 'single_heralded']).default('single_atom'),
  EntanglementSwapping: z
    .strictObject({
      swapping_success_prob: probability.default(1),
      swapping_degradation: probability.default(0.95),
    })
    .prefault({}),
  routing: unused,
});

const node = z.strictObject({
  name: nodeNameSchema,
  type: z.enum(['QuantumRouter', 'BSMNode']),
  memo_size: z.number().int().min(0).max(100_000).default(0),
  template: z.string().optional(),
  gate_fidelity: probability.default(1),
  measurement_fidelity: probability.default(1),
  seed: unused,
});

/** A router network as SeQUeNCe's `RouterNetTopo` reads it: metres, dB/m, picoseconds. Defaults are its own. */
export const sequenceSchema = z.strictObject({
  nodes: z
    .array(node)
    .min(1)
    .max(2 * TOPOLOGY_LIMITS.nodes),
  qconnections: many(
    z.strictObject({
      node1: nodeNameSchema,
      node2: nodeNameSchema,
      distance: metres,
      attenuation: perMetre,
      type: z.literal('meet_in_the_middle'),
      template: z.string().optional(),
      seed: unused,
    }),
  ),
  qchannels: many(
    z.strictObject({
      source: nodeNameSchema,
      destination: nodeNameSchema,
      distance: metres,
      attenuation: perMetre,
      name: unused,
    }),
  ),
  cconnections: many(
    z.strictObject({
      node1: nodeNameSchema,
      node2: nodeNameSchema,
      distance: metres.optional(),
      delay: picoseconds.optional(),
      name: unused,
    }),
  ),
  cchannels: many(
    z.strictObject({
      source: nodeNameSchema,
      destination: nodeNameSchema,
      distance: metres.optional(),
      delay: picoseconds.optional(),
      name: unused,
    }),
  ),
  templates: z.record(z.string().max(200), template).default({}),
  is_parallel: z.literal(false).default(false),
  stop_time: unused,
  formalism: z.string().optional(),
  truncation: unused,
});

export type SequenceFile = z.output<typeof sequenceSchema>;
export type SequenceTemplate = z.output<typeof template>;

/** The template of a node that names none. */
export const PLAIN_TEMPLATE: SequenceTemplate = template.parse({});
export const PLAIN_DETECTOR = detector.parse({});
