import { requireRange } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import {
  byEnd,
  deliver,
  fragmentLengths,
  requireMessage,
  requireNotPast,
  requireUntil,
} from './fragments.js';
import type { Burst, MediumModel, Transmission } from './medium.js';
import { openRadio, type Radio, type RadioPath, type RadioSettings } from './radio.js';
import type { Delivery, Fate, Fragment, OutgoingMessage, V2xLink } from './types.js';

/** A link over the air; numbers of the radio left out are those of `RadioSettings`. */
export interface RadioLinkOptions extends Partial<RadioSettings> {
  readonly rng: Rng;
  readonly medium: MediumModel;
  /** A message's fragments not begun this long after it was sent are given up, 0.001 to 1000 (1). */
  readonly lifetimeSec?: number;
}

/** A link over the air, which also tells what two agents are to each other. */
export interface RadioLink extends V2xLink {
  /** @throws InputError when no frame so far had such an agent. */
  path(one: string, other: string): RadioPath;
}

interface UnderWay {
  readonly message: OutgoingMessage;
  /** What became of the fragments so far, receiver by receiver. */
  readonly fragments: readonly Fragment[][];
  readonly lengths: readonly number[];
  wireBytes: number;
}

/**
 * Messages over the air: cut into fragments, which contend for the medium with those of all other agents; each is
 * lost at each receiver with the probability that its SINR gives. Nothing is repeated.
 * @throws InputError when an option is out of range.
 */
export function radioLink(options: RadioLinkOptions): RadioLink {
  const { rng, medium: model } = options;
  const lifetimeSec = requireRange('lifetimeSec', options.lifetimeSec ?? 1, 1e-3, 1000, 's');
  const radio = openRadio(options, rng.fork('radio'));
  const medium = model.open({ powerDbm: radio.powerDbm, rng: rng.fork('medium') });
  const errors = rng.fork('errors');
  const underWay = new Map<Burst, UnderWay>();
  let knownSec = 0;

  const check = (message: OutgoingMessage) => {
    requireMessage(message);
    requireNotPast(message, knownSec);
    for (const name of [message.from, ...message.to]) radio.requireAgent(name);
  };
  const hand = (message: OutgoingMessage) => {
    if (message.bytes.length === 0) return;
    const lengths = fragmentLengths(message.bytes.length, model.payloadBytes);
    const burst = burstOf(message, { lengths, model, lifetimeSec });
    underWay.set(burst, { message, lengths, fragments: message.to.map(() => []), wireBytes: 0 });
    medium.offer(burst);
  };
  const note = (transmission: Transmission): Delivery[] => {
    const { burst, fragment, endSec, sent } = transmission;
    const state = underWay.get(burst)!;
    const { message, lengths, fragments } = state;
    if (sent) state.wireBytes += burst.wireLengths[fragment]!;
    const offset = fragment * model.payloadBytes;
    message.to.forEach((receiver, index) => {
      const fate = fateOf(transmission, receiver, { radio, rng: errors, extraSinrDb: model.extraSinrDb });
      fragments[index]!.push({ offset, length: lengths[fragment]!, endSec, fate });
    });
    if (fragments[0]!.length < lengths.length) return [];
    underWay.delete(burst);
    return message.to.map((receiver, index) =>
      deliver(message, receiver, { fragments: fragments[index]!, wireBytes: state.wireBytes }),
    );
  };
  return {
    name: model.name,
    path: radio.path,
    send(messages, frame) {
      radio.move(frame);
      messages.forEach(check);
      messages.forEach(hand);
    },
    receive(untilSec = Number.POSITIVE_INFINITY) {
      requireUntil(untilSec);
      const done = medium.advance(untilSec);
      const last = done.reduce((latest, { endSec }) => Math.max(latest, endSec), knownSec);
      knownSec = Number.isFinite(untilSec) ? Math.max(knownSec, untilSec) : last;
      return byEnd(done.flatMap(note));
    },
  };
}

function burstOf(
  { from, sentSec }: OutgoingMessage,
  setup: { lengths: readonly number[]; model: MediumModel; lifetimeSec: number },
): Burst {
  const wireLengths = setup.lengths.map((length) => length + setup.model.overheadBytes);
  return { sender: from, readySec: sentSec, expiresSec: sentSec + setup.lifetimeSec, wireLengths };
}

function fateOf(
  { burst, sent, interferers, deaf }: Transmission,
  receiver: string,
  { radio, rng, extraSinrDb }: { radio: Radio; rng: Rng; extraSinrDb: number | undefined },
): Fate {
  const luck = rng.uniform();
  if (!sent) return 'expired';
  if (deaf.includes(receiver)) return 'half-duplex';
  if (luck < radio.errorRate(burst.sender, receiver, [], extraSinrDb)) return 'noise';
  return luck < radio.errorRate(burst.sender, receiver, interferers, extraSinrDb) ? 'collision' : 'received';
}
