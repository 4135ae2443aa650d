import { z } from 'zod';
import { requireSchema } from '../../base/index.js';
import { classicalChannelSchema, type FibreInput, fibre, fibreSchema } from '../hardware/fibre.js';
import { type MemoryInput, memorySchema } from '../hardware/memory.js';
import { stationSchema } from '../hardware/station.js';

const station = stationSchema.prefault({});

/** How a link makes pairs; see `lib/quantum/herald.ts` for the schemes. */
export const linkSchemeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('barrett-kok'), station }).readonly(),
  z.strictObject({ kind: z.literal('two-photon'), station }).readonly(),
  z
    .strictObject({
      kind: z.literal('single-click'),
      station,
      /** Probability that a memory is prepared in the state that emits. */
      brightPopulation: z.number().min(1e-9).max(1).default(0.1),
      /** Phase between the two arms, radians. */
      phaseRad: z.number().min(-Math.PI).max(Math.PI).default(0),
    })
    .readonly(),
  /** The left memory sends its photon over the left fibre and then the right one; the right memory absorbs it. */
  z.strictObject({ kind: z.literal('sender-receiver') }).readonly(),
]);

const armSchema = z
  .strictObject({
    memory: memorySchema.prefault({}),
    /** From the memory to the station. */
    fibre: fibreSchema,
    /** Between the station and the memory's node; without it, as long and as fast as the fibre. */
    classical: classicalChannelSchema.optional(),
  })
  .readonly();

/** A link between two nodes that makes entangled pairs. */
export const linkSchema = z
  .strictObject({
    scheme: linkSchemeSchema.prefault({ kind: 'barrett-kok' }),
    left: armSchema,
    right: armSchema,
    /** Photons are due at multiples of this; each pair of memories has slots of its own. */
    slotSec: z.number().min(1e-12).max(1).default(1e-7),
    /** Local operations at the end of a round, before the next can start. */
    localSec: z.number().min(0).max(1000).default(0),
    /**
     * `round`: before every round the left node asks and the right one, once its memory is ready, answers: two delays
     * more, as in SeQUeNCe. `none`: both know from the heralds when to emit.
     */
    negotiation: z.enum(['none', 'round']).default('none'),
  })
  .readonly();

/** See `linkSchema`. Frozen. */
export type Link = z.output<typeof linkSchema>;
export type LinkInput = z.input<typeof linkSchema>;
export type LinkScheme = Link['scheme'];
export type LinkSchemeInput = z.input<typeof linkSchemeSchema>;

/** @throws InputError for an unknown field, one out of its range, or memories with T2 > 2 T1. */
export const link = (input: LinkInput): Link => requireSchema('link', linkSchema, input);

/**
 * A link with equal memories and the station halfway.
 * @param input.lengthKm from node to node
 * @throws InputError as `link`.
 */
export function midpointLink(
  input: Omit<LinkInput, 'left' | 'right'> & FibreInput & { memory?: MemoryInput },
): Link {
  const { lengthKm, attenuationDbPerKm, speedKmPerSec, memory, ...rest } = input;
  const whole = fibre({ lengthKm, attenuationDbPerKm, speedKmPerSec });
  const arm = { memory, fibre: { ...whole, lengthKm: lengthKm / 2 } };
  return link({ ...rest, left: arm, right: arm });
}
