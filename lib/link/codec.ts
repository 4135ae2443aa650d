import type { Fading, PowerCheck } from '../channel/index.js';

/** What both ends know of the link before a codeword is sent: the average state, not the draw. */
export interface LinkState {
  /** Name of the channel model. */
  readonly channel: string;
  readonly fading: Fading;
  /** Mean Es/N0 in dB. */
  readonly snrDb: number;
}

/** One encoded source. */
export interface Codeword {
  /** Interleaved complex channel symbols, unit mean energy: two numbers a channel use. */
  symbols: Float32Array;
  /** Bits sent beside the symbols, taken as free of error; 0 when there are none. */
  sideInformationBits: number;
  /** What those bits say. */
  side?: unknown;
}

/** What the receiver has of one codeword. */
export interface Reception {
  /** Equalised symbols x + n/h, interleaved complex. */
  symbols: Float32Array;
  /** N0/|h|^2 per complex dimension: one number, or one a channel use where the gain changes that fast. */
  noiseVariance: Float32Array;
  /** The side information of the codeword. */
  side?: unknown;
}

/**
 * Turns a source into channel symbols and back. `Shape` is all that the receiver knows of a source besides
 * what it receives (a picture's width and height, say).
 */
export interface Codec<S, Shape = unknown> {
  readonly name: string;
  /** What its codewords keep to; when left out, unit mean energy of each. */
  readonly powerConstraint?: PowerCheck;
  /** Complex channel uses that `encode` will take for this source. */
  channelUses(source: S): number;
  /** What the receiver is told of the source in advance. */
  shapeOf(source: S): Shape;
  encode(source: S, link: LinkState): Codeword | Promise<Codeword>;
  decode(received: Reception, like: Shape, link: LinkState): S | Promise<S>;
}
