/**
 * The polar transform x = u G, G the n-th Kronecker power of [1 0; 1 1], in place and without bit reversal
 * (Arikan 2009; 3GPP TS 38.212 §5.3.1.2). It is its own inverse.
 * @param bits N = 2^n of them
 */
export function polarTransform(bits: Uint8Array): Uint8Array {
  const length = bits.length;
  for (let half = 1; half < length; half *= 2) {
    for (let start = 0; start < length; start += 2 * half) {
      for (let i = start; i < start + half; i++) bits[i]! ^= bits[i + half]!;
    }
  }
  return bits;
}
