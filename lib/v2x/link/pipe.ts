import { InputError, requireInteger, requireRange } from '../../base/index.js';
import type { LossProcess } from '../../channel/index.js';
import type { Rng } from '../../math/index.js';
import {
  byEnd,
  deliver,
  endOf,
  fragmentLengths,
  requireMessage,
  requireNotPast,
  requireUntil,
} from './fragments.js';
import type { Delivery, OutgoingMessage, V2xLink } from './types.js';

/** Which packets of a row are lost, 1 where lost: a loss process of `lib/channel`, or `dropping`. */
export type PacketLosses = Pick<LossProcess, 'name' | 'lossProbability' | 'sample'>;

/** A wire of each sender to the others. */
export interface PipeOptions {
  /** Mb/s (1e6 bits) of each sender, 1e-6 and above; infinite when left out. */
  rateMbps?: number;
  /** From the last bit sent to its arrival, 0 to 1000 (0). */
  delaySec?: number;
  /** Bytes of a packet, 1 and above; when left out a message is one packet, lost or not as a whole. */
  packetBytes?: number;
  /** None when left out. */
  losses?: PacketLosses;
  /** Draws the losses; goes with them. */
  rng?: Rng;
}

/**
 * A pipe of constant rate and delay. Messages of one sender wait for each other, those of several do not meet. Lost
 * packets take their time on the wire.
 * @throws InputError when an option is out of range.
 */
export function pipe(options: PipeOptions = {}): V2xLink {
  const rateMbps = requireRange(
    'rateMbps',
    options.rateMbps ?? Number.POSITIVE_INFINITY,
    1e-6,
    Number.POSITIVE_INFINITY,
  );
  const delaySec = requireRange('delaySec', options.delaySec ?? 0, 0, 1000, 's');
  const freeSec = new Map<string, number>();
  return lossyPipe(`pipe ${rateMbps} Mb/s`, options, ({ from, sentSec }, lengths) => {
    let now = Math.max(sentSec, freeSec.get(from) ?? 0);
    const ends = lengths.map((length) => {
      now += (8 * length) / (rateMbps * 1e6);
      return now + delaySec;
    });
    freeSec.set(from, now);
    return ends;
  });
}

/** When each packet of a message arrives. */
type Timing = (message: OutgoingMessage, lengths: readonly number[]) => number[];

/** A sum of times may lie a hair behind the time that it stands for. */
const HAIR_SEC = 1e-9;

/** A link whose packets arrive at times that are known when they are sent. */
export function lossyPipe(
  name: string,
  { packetBytes, losses, rng }: Pick<PipeOptions, 'packetBytes' | 'losses' | 'rng'>,
  timing: Timing,
): V2xLink {
  if (packetBytes !== undefined) requireInteger('packetBytes', packetBytes, 1);
  if (losses && !rng) throw new InputError('losses without rng; allowed: both, or neither');
  let underWay: Delivery[] = [];
  let knownSec = 0;
  const hand = (message: OutgoingMessage) => {
    requireMessage(message);
    requireNotPast(message, knownSec);
    const size = message.bytes.length;
    if (size === 0) return;
    const payload = packetBytes ?? size;
    const lengths = fragmentLengths(size, payload);
    const ends = timing(message, lengths);
    for (const to of message.to) {
      const lost = rng && losses?.sample(rng, lengths.length);
      const fragments = lengths.map((length, index) => ({
        offset: index * payload,
        length,
        endSec: ends[index]!,
        fate: lost?.[index] ? ('dropped' as const) : ('received' as const),
      }));
      underWay.push(deliver(message, to, { fragments, wireBytes: size }));
    }
  };
  return {
    name,
    send(messages) {
      for (const message of messages) hand(message);
    },
    receive(untilSec = Number.POSITIVE_INFINITY) {
      requireUntil(untilSec);
      const isDone = ({ fragments }: Delivery) => endOf(fragments) <= untilSec + HAIR_SEC;
      const done = underWay.filter(isDone);
      underWay = underWay.filter((delivery) => !isDone(delivery));
      if (Number.isFinite(untilSec)) knownSec = Math.max(knownSec, untilSec);
      return byEnd(done);
    },
  };
}
