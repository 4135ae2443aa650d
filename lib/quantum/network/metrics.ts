import { requireRange } from '../../base/index.js';
import { PS_PER_SEC } from '../units.js';
import type { RequestRecord } from './request.js';

/** What a network did for its users until a time. */
export interface NetworkService {
  /** Requests accepted whose time was over by then. */
  served: number;
  refused: number;
  /** Capacity: requests served, a second of simulated time. */
  capacityPerSec: number;
  /** Pairs delivered at or above the fidelity asked for, a second of simulated time. */
  pairsPerSec: number;
  /** Throughput of a served request, pairs a second of its own time: mean over the served requests. */
  pairsPerSecPerRequest: number;
  /** Served requests that got no pair at all. */
  withoutPair: number;
  /** Mean fidelity of the pairs delivered; NaN without any. */
  meanFidelity: number;
  /** Mean time from the start of service to the first pair, seconds, of served requests with a pair; NaN without any. */
  timeToServeSec: number;
  /** Mean time from a request to the start of its service, seconds, of served requests; NaN without any. */
  waitSec: number;
  /** Mean share of the memory time of routers that was promised to requests. */
  memoryUse: number;
}

/**
 * Sums up requests.
 * @param untilSec end of the simulated time; requests that end later count as neither served nor refused
 * @param memories of all routers together
 * @throws InputError for a time not above 0.
 */
export function serviceOf(
  records: readonly RequestRecord[],
  untilSec: number,
  memories: number,
): NetworkService {
  requireRange('untilSec', untilSec, 1e-9, 9000, 's');
  const accepted = records.filter(({ counts }) => counts !== undefined);
  const served = accepted.filter(({ request }) => request.endSec <= untilSec);
  const rates = served.map(({ counts, request }) => counts!.delivered / (request.endSec - request.startSec));
  const first = served.filter(({ firstPairPs }) => firstPairPs !== undefined);
  const pairs = total(accepted.map(({ counts }) => counts!.delivered));
  const fidelities = accepted.map((record) => total(record.fidelities));
  return {
    served: served.length,
    refused: records.filter(({ refusal }) => refusal !== undefined).length,
    capacityPerSec: served.length / untilSec,
    pairsPerSec: pairs / untilSec,
    pairsPerSecPerRequest: average(rates),
    withoutPair: served.length - first.length,
    meanFidelity: total(fidelities) / pairs,
    timeToServeSec: average(
      first.map(({ firstPairPs, request }) => firstPairPs! / PS_PER_SEC - request.startSec),
    ),
    waitSec: average(served.map(({ request, submittedPs }) => request.startSec - submittedPs / PS_PER_SEC)),
    memoryUse: total(accepted.map((record) => memorySec(record, untilSec))) / (memories * untilSec),
  };
}

/** Memories times seconds that a request had by `untilSec`: twice its memories on every hop. */
function memorySec({ request, path }: RequestRecord, untilSec: number): number {
  const { startSec, endSec, memories } = request;
  return 2 * (path.length - 1) * memories * Math.max(0, Math.min(endSec, untilSec) - startSec);
}

const total = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0);
const average = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : total(values) / values.length;
