import type { Frame, ReceivedMessage } from '../types.js';

/** A message on its way to one agent, or to several by one broadcast. */
export interface OutgoingMessage {
  readonly from: string;
  readonly to: readonly string[];
  /** Most important first: what comes last is lost first where a link can choose. */
  readonly bytes: Uint8Array;
  /** True time at which the sender hands it over. */
  readonly sentSec: number;
}

/** Why a fragment did not arrive, or that it did. */
export type Fate = 'received' | 'noise' | 'collision' | 'half-duplex' | 'expired' | 'dropped';

/** A piece of a message as one receiver saw it. */
export interface Fragment {
  /** Where it stands in the message. */
  readonly offset: number;
  readonly length: number;
  /** When its transmission ended, or when it was given up. */
  readonly endSec: number;
  readonly fate: Fate;
  /** What it carried, where it arrived. */
  readonly bytes?: Uint8Array;
}

/** What became of a message at one receiver. */
export interface Delivery {
  readonly from: string;
  readonly to: string;
  readonly sentSec: number;
  /** Bytes of the message. */
  readonly sentBytes: number;
  /** Bytes that went over the medium for it, headers of the link included, lost or not. */
  readonly wireBytes: number;
  readonly fragments: readonly Fragment[];
  /**
   * The pieces that arrived, joined up to the first gap, at the time when the fate of the last piece was known; absent
   * when not even the first arrived.
   */
  readonly message?: ReceivedMessage;
  /** Whether all of it arrived. */
  readonly complete: boolean;
}

/** Carries messages. All that are under way share the medium. */
export interface V2xLink {
  readonly name: string;
  /**
   * Hands messages over. Empty ones are not sent.
   * @param frame where everybody is from now on; what is on the air is judged by it too, so `receive` up to now first
   * @throws InputError when a time lies before the last `receive`, a message has no receiver, or, over the air, one of
   *   the two was in no frame.
   */
  send(messages: readonly OutgoingMessage[], frame: Frame): void;
  /**
   * What became certain until a time, earliest first: each message once for each receiver, when its last fragment has
   * arrived or is given up. Without a time, waits for everything under way.
   * @throws InputError for a time that is no number.
   */
  receive(untilSec?: number): Delivery[];
}
