import type { Detection } from '../types.js';

/** The message of as many boxes as fit, best first; none where not even one does. */
export function withinBytes(
  maxBytes: number,
  boxes: readonly Detection[],
  encode: (boxes: readonly Detection[]) => Uint8Array,
): Uint8Array {
  for (let count = boxes.length; count >= 0; count--) {
    const bytes = encode(boxes.slice(0, count));
    if (bytes.length <= maxBytes) return count > 0 || boxes.length === 0 ? bytes : new Uint8Array(0);
  }
  return new Uint8Array(0);
}
