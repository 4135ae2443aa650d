/** What a decoder says of a whole codeword. */
export interface DecodedWord {
  /** The first infoColumns x Z bits, fillers included; the decoder's own memory, until it decodes again. */
  bits: Uint8Array;
  /** Whether every bit is decided and every check that was used holds. */
  ok: boolean;
  iterations: number;
}

/** Decodes words of one lifted graph; keeps its working memory from call to call. */
export interface WordDecoder {
  /** @param channel columns x Z LLRs: 0 for bits not sent, `knownZero` for fillers */
  decode(channel: Float32Array): DecodedWord;
}

export interface StopRule {
  iterations: number;
  /** Stop as soon as all checks hold. */
  earlyStop: boolean;
}
