/** The number of bits a symbol of `order` points carries; the order is a power of two. */
export const bitsOf = (order: number): number => Math.round(Math.log2(order));

/** Bit `place` of a label of `width` bits, the first bit being the most significant. */
export const labelBit = (label: number, width: number, place: number): number =>
  (label >> (width - 1 - place)) & 1;

/**
 * Real levels of Gray-labelled amplitude modulation, by label: the odd numbers from 1 - L to L - 1 for
 * L = 2^bits. The first bit is the sign (0: positive), the others choose the magnitude, as in one axis
 * of TS 38.211 clauses 5.1.3 to 5.1.7: (1-2b0)[2^(m-1) - (1-2b1)[2^(m-2) - ...]].
 */
export function grayLevels(bits: number): Float64Array {
  return Float64Array.from({ length: 2 ** bits }, (_, label) => {
    let magnitude = 1;
    for (let place = bits - 1; place > 0; place--) {
      magnitude = 2 ** (bits - place) - (1 - 2 * labelBit(label, bits, place)) * magnitude;
    }
    return (1 - 2 * labelBit(label, bits, 0)) * magnitude;
  });
}

/** Levels of one axis scaled so that the axis has the mean energy given. */
export function scaledLevels(bits: number, energy: number): Float64Array {
  const levels = grayLevels(bits);
  const scale = Math.sqrt((3 * energy) / (4 ** bits - 1));
  return levels.map((level) => level * scale);
}

/** Points of a rectangular constellation: even places of a label choose the real level, odd ones the imaginary. */
export function gridPoints(levels: Float64Array): Float64Array {
  const axisBits = bitsOf(levels.length);
  const width = 2 * axisBits;
  const points = new Float64Array(2 * 2 ** width);
  for (let label = 0; label < 2 ** width; label++) {
    for (const axis of [0, 1]) {
      let axisLabel = 0;
      for (let place = 0; place < axisBits; place++) {
        axisLabel = 2 * axisLabel + labelBit(label, width, 2 * place + axis);
      }
      points[2 * label + axis] = levels[axisLabel]!;
    }
  }
  return points;
}

/** Real levels as complex points. */
export function linePoints(levels: Float64Array): Float64Array {
  const points = new Float64Array(2 * levels.length);
  for (const [label, level] of levels.entries()) points[2 * label] = level;
  return points;
}

/** Points on the unit circle: step k, at the angle 2 pi k / order, has the reflected Gray label k ^ (k >> 1). */
export function circlePoints(order: number): Float64Array {
  const points = new Float64Array(2 * order);
  for (let step = 0; step < order; step++) {
    const label = step ^ (step >> 1);
    const angle = (2 * Math.PI * step) / order;
    points[2 * label] = Math.cos(angle);
    points[2 * label + 1] = Math.sin(angle);
  }
  return points;
}
