import { z } from 'zod';
import { InputError, requireSchema } from '../../base/index.js';
import type { FlowCounts } from './flow.js';
import { nodeNameSchema } from './topology.js';

/** What an application asks of the network. */
export const requestSchema = z
  .strictObject({
    initiator: nodeNameSchema,
    responder: nodeNameSchema,
    /** From when until when pairs are wanted, simulated time. */
    startSec: z.number().min(0).max(9000),
    endSec: z.number().min(0).max(9000),
    /** Memories that each end lends; stations between them lend twice as many. */
    memories: z.number().int().min(1).max(100_000),
    /** Pairs below this fidelity with phiPlus, at the moment when both ends know of them, are not delivered. */
    minFidelity: z.number().min(0).max(1),
  })
  .readonly();

/** See `requestSchema`. Frozen. */
export type EndToEndRequest = z.output<typeof requestSchema>;

/** Why a request was refused. */
export interface Refusal {
  readonly kind: 'no path' | 'fidelity' | 'memories' | 'late';
  /** One line for people. */
  readonly reason: string;
}

/** A request and what became of it. */
export interface RequestRecord {
  /** The initiator's name and how many requests it made before. */
  readonly id: string;
  readonly request: EndToEndRequest;
  readonly submittedPs: number;
  /** The nodes from initiator to responder; empty where no path leads. */
  readonly path: readonly string[];
  /** When the initiator learnt of the decision; undefined until then. */
  decidedPs?: number;
  /** Undefined when accepted, or not yet decided. */
  refusal?: Refusal;
  /** From when on it is served; undefined when refused. */
  counts?: FlowCounts;
  /** When the first pair was delivered. */
  firstPairPs?: number;
  /** Fidelity of every delivered pair, in the order of delivery. */
  readonly fidelities: number[];
}

/** @throws InputError for an unknown field, one out of its range, an end before the start, or one node as both ends. */
export function endToEndRequest(input: z.input<typeof requestSchema>): EndToEndRequest {
  const request = requireSchema('request', requestSchema, input);
  if (!(request.endSec > request.startSec)) {
    throw new InputError(
      `request ends at ${request.endSec} s; allowed: after its start at ${request.startSec} s`,
    );
  }
  if (request.initiator === request.responder) {
    throw new InputError(`request from ${request.initiator} to itself; allowed: two different nodes`);
  }
  return request;
}
