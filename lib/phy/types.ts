/** What a decoder says of one block. */
export interface Decoded {
  /** The k information bits, 0 or 1, right or wrong. */
  bits: Uint8Array;
  /** Whether the code's own check (syndrome, CRC) passed; undefined where the code has none. */
  ok?: boolean;
  /** Iterations spent; undefined for decoders that do not iterate. */
  iterations?: number;
}

/**
 * A binary block code. Bits are 0 and 1; an LLR is log p(bit 0) - log p(bit 1).
 * A code and its decoder settings are made together, so that parameters live once.
 */
export interface BlockCode {
  readonly name: string;
  /** Information bits a block. */
  readonly k: number;
  /** Codeword bits a block, as sent. */
  readonly n: number;
  /** @throws InputError unless there are k bits. */
  encode(bits: Uint8Array): Uint8Array;
  /** @throws InputError unless there are n LLRs, none of them NaN. */
  decode(llrs: Float32Array): Decoded;
}
