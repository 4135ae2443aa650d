import type { Rng } from '../../math/index.js';

/** A message in the queue of its sender: a row of fragments that go out in order. */
export interface Burst {
  readonly sender: string;
  readonly readySec: number;
  /** Fragments not begun by then are given up. */
  readonly expiresSec: number;
  /** Bytes of each fragment, headers of the link included. */
  readonly wireLengths: readonly number[];
}

/** What became of a fragment on the medium; whether it was understood is for each receiver to find out. */
export interface Transmission {
  readonly burst: Burst;
  readonly fragment: number;
  readonly startSec: number;
  readonly endSec: number;
  /** False when it was given up: it was never sent. */
  readonly sent: boolean;
  /** Who sent on the same resource within the same time. */
  readonly interferers: readonly string[];
  /** Who sent anything within the same time, and so heard nothing. */
  readonly deaf: readonly string[];
}

/** One fragment in a queue. */
export interface Packet {
  readonly burst: Burst;
  readonly fragment: number;
}

/** A fragment whose message grew too old. */
export function givenUp({ burst, fragment }: Packet): Transmission {
  const { expiresSec } = burst;
  return {
    burst,
    fragment,
    startSec: expiresSec,
    endSec: expiresSec,
    sent: false,
    interferers: [],
    deaf: [],
  };
}

/** How the senders stand to each other at this moment. */
export interface Surroundings {
  /** What `listener` receives of `sender`, in dBm. */
  powerDbm(sender: string, listener: string): number;
  readonly rng: Rng;
}

/** Bursts in, transmissions out; keeps its queues between calls. */
export interface Medium {
  offer(burst: Burst): void;
  /** Runs until a time (infinite: until all is sent), and gives what ended, in that order. */
  advance(untilSec: number): Transmission[];
}

/** A way to share a medium. */
export interface MediumModel {
  readonly name: string;
  /** Bytes of a message that one fragment takes. */
  readonly payloadBytes: number;
  /** Bytes that the link adds to each fragment. */
  readonly overheadBytes: number;
  /** By how many decibels its modulation needs more SINR than the curve of packet errors says; 0 unless told otherwise. */
  readonly extraSinrDb?: number;
  open(surroundings: Surroundings): Medium;
}
