/**
 * Channel state information of a sequence of packets. Links are the pairs of receive and transmit antenna, the
 * receive antenna slowest.
 */
export interface CsiRecording {
  readonly packets: number;
  readonly links: number;
  readonly subcarriers: number;
  /** Interleaved complex, packets x links x subcarriers, the last index fastest. */
  readonly values: Float32Array;
}

/** Magnitudes, packets x links x subcarriers. */
export function amplitudes({ values }: CsiRecording): Float32Array {
  const out = new Float32Array(values.length / 2);
  for (let index = 0; index < out.length; index++) {
    out[index] = Math.hypot(values[2 * index]!, values[2 * index + 1]!);
  }
  return out;
}
