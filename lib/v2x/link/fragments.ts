import { InputError, requireRange } from '../../base/index.js';
import type { Delivery, Fragment, OutgoingMessage } from './types.js';

/** Longest message that a link takes. */
const MAX_BYTES = 2 ** 27;
/** As many as the longest message has at the usual 1,500 bytes. */
const MAX_FRAGMENTS = 100_000;

/** Lengths of the fragments of a message: all full but the last. @throws InputError when there are over 100,000. */
export function fragmentLengths(bytes: number, payloadBytes: number): number[] {
  const count = Math.ceil(bytes / payloadBytes);
  if (count > MAX_FRAGMENTS)
    throw new InputError(
      `message of ${bytes} bytes in fragments of ${payloadBytes}; allowed: up to ${MAX_FRAGMENTS} fragments`,
    );
  return Array.from({ length: count }, (_, index) => Math.min(payloadBytes, bytes - index * payloadBytes));
}

/** @throws InputError when a message is too long, has no receiver or no time. */
export function requireMessage({ from, to, bytes, sentSec }: OutgoingMessage): void {
  requireRange(`sentSec of ${from}`, sentSec, 0, 1e9, 's');
  if (!(bytes instanceof Uint8Array))
    throw new InputError(`message of ${from} is no bytes; allowed: a Uint8Array`);
  if (bytes.length > MAX_BYTES) {
    throw new InputError(`message of ${from} has ${bytes.length} bytes; allowed: up to ${MAX_BYTES}`);
  }
  if (to.length === 0) throw new InputError(`message of ${from} has 0 receivers; allowed: 1 or more`);
  if (to.includes(from)) throw new InputError(`message of ${from} is to itself; allowed: to others`);
}

/** @throws InputError for a time to receive up to that is no number. */
export const requireUntil = (untilSec: number): number =>
  requireRange('untilSec', untilSec, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 's');

/** @throws InputError when a message is sent at a time that was already received up to. */
export function requireNotPast({ from, sentSec }: OutgoingMessage, knownSec: number): void {
  if (sentSec >= knownSec) return;
  throw new InputError(
    `sentSec of ${from} is ${sentSec}; allowed: from ${knownSec}, the time received up to`,
  );
}

/** What the receiver makes of the fragments, in the order of the message. */
export function deliver(
  message: OutgoingMessage,
  to: string,
  outcome: { fragments: readonly Fragment[]; wireBytes: number },
): Delivery {
  const { wireBytes } = outcome;
  const { from, sentSec } = message;
  const bytes = message.bytes.slice();
  const fragments = outcome.fragments.map((fragment) => {
    const { offset, length, fate } = fragment;
    return fate === 'received' ? { ...fragment, bytes: bytes.subarray(offset, offset + length) } : fragment;
  });
  const gap = fragments.find(({ fate }) => fate !== 'received');
  const usable = gap?.offset ?? bytes.length;
  const arrivedSec = endOf(fragments);
  return {
    from,
    to,
    sentSec,
    sentBytes: bytes.length,
    wireBytes,
    fragments,
    complete: gap === undefined,
    ...(usable > 0 && { message: { from, bytes: bytes.subarray(0, usable), arrivedSec } }),
  };
}

/** When the fate of the last of them is known. */
export function endOf(fragments: readonly Fragment[]): number {
  return fragments.reduce((latest, { endSec }) => Math.max(latest, endSec), 0);
}

/** Earliest first; who came first stays first at a tie. */
export function byEnd(deliveries: readonly Delivery[]): Delivery[] {
  return deliveries
    .map((delivery) => ({ delivery, end: endOf(delivery.fragments) }))
    .sort((one, other) => one.end - other.end)
    .map(({ delivery }) => delivery);
}
