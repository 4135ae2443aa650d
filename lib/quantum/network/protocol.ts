import { z } from 'zod';
import { SWAP_ORDERS } from './segments.js';

/** How the nodes of a network work together. */
export const protocolSchema = z
  .strictObject({
    /** What the cheapest path is the least of: fibre, links, or expected time of a pair summed over links. */
    route: z.enum(['length', 'hops', 'time']).default('length'),
    /** See `segmentTree`. */
    swapOrder: z.enum(SWAP_ORDERS).default('balanced'),
    purification: z.enum(['none', 'bbpssw', 'dejmps']).default('bbpssw'),
    /**
     * Fidelity that a pair of a stretch is purified to before it is swapped. `share`: what leaves the request's fidelity
     * after all swaps, were pairs Werner states (the weight w of the whole path to the power of the share of its links).
     * `request`: the request's fidelity on every stretch, as SeQUeNCe does.
     */
    stretchFidelity: z.enum(['share', 'request']).default('share'),
    /** Which of several ready pairs a swap takes. */
    swapFirst: z.enum(['oldest', 'freshest']).default('oldest'),
    /** Refuse a request whose fidelity the swaps on its path rule out; otherwise it is served, and gets nothing. */
    refuseFidelity: z.boolean().default(true),
    /** One draw for all attempts up to a success, or every photon simulated: see `LinkMode`. */
    heralding: z.enum(['skip-ahead', 'attempts']).default('skip-ahead'),
  })
  .readonly();

/** See `protocolSchema`. Frozen. */
export type NetworkProtocol = z.output<typeof protocolSchema>;
export type NetworkProtocolInput = z.input<typeof protocolSchema>;
