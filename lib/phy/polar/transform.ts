/**
 * The polar transform x = u G, G the n-th Kronecker power of [1 0; 1 1], in place and without bit reversal
 * (Arikan 2009; 3GPP TS 38.212 §5.3.1.2). It is its own inverse.
 * @param bits N = 2^n of them, 4 or more, in an array of their own
 */
export function polarTransform(bits: Uint8Array): Uint8Array {
  // Four bits at a time: the two stages within a word of little-endian bytes, then those between words.
  const words = new Uint32Array(bits.buffer, bits.byteOffset, bits.length / 4);
  for (let i = 0; i < words.length; i++) {
    const word = words[i]! ^ ((words[i]! >>> 8) & 0x00ff00ff);
    words[i] = word ^ (word >>> 16);
  }
  for (let half = 1; half < words.length; half *= 2) {
    for (let start = 0; start < words.length; start += 2 * half) {
      for (let i = start; i < start + half; i++) words[i]! ^= words[i + half]!;
    }
  }
  return bits;
}
