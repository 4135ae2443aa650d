/** Sub-block interleaver pattern, 3GPP TS 38.212 Table 5.4.1.1-1. */
const subBlocks = [
  0, 1, 2, 4, 3, 5, 6, 7, 8, 16, 9, 17, 10, 18, 11, 19, 12, 20, 13, 21, 14, 22, 15, 23, 24, 25, 26, 28, 27,
  29, 30, 31,
];

/** Input interleaver pattern of the downlink, 3GPP TS 38.212 Table 5.3.1.1-1. */
const inputPattern = [
  0, 2, 4, 7, 9, 14, 19, 20, 24, 25, 26, 28, 31, 34, 42, 45, 49, 50, 51, 53, 54, 56, 58, 59, 61, 62, 65, 66,
  67, 69, 70, 71, 72, 76, 77, 81, 82, 83, 87, 88, 89, 91, 93, 95, 98, 101, 104, 106, 108, 110, 111, 113, 115,
  118, 119, 120, 122, 123, 126, 127, 129, 132, 134, 138, 139, 140, 1, 3, 5, 8, 10, 15, 21, 27, 29, 32, 35, 43,
  46, 52, 55, 57, 60, 63, 68, 73, 78, 84, 90, 92, 94, 96, 99, 102, 105, 107, 109, 112, 114, 116, 121, 124,
  128, 130, 133, 135, 141, 6, 11, 16, 22, 30, 33, 36, 44, 47, 64, 74, 79, 85, 97, 100, 103, 117, 125, 131,
  136, 142, 12, 17, 23, 37, 48, 75, 80, 86, 137, 143, 13, 18, 38, 144, 39, 145, 40, 146, 41, 147, 148, 149,
  150, 151, 152, 153, 154, 155, 156, 157, 158, 159, 160, 161, 162, 163,
];

/** The most bits that the downlink's input interleaver takes. */
export const inputInterleaverLimit = inputPattern.length;

/**
 * J of 3GPP TS 38.212 §5.4.1.1: output i of the sub-block interleaver is codeword bit J[i].
 * @param length N, a power of two, 32 or more
 */
export function subBlockInterleaver(length: number): Uint16Array {
  const size = length / 32;
  return Uint16Array.from({ length }, (_, i) => subBlocks[Math.floor(i / size)]! * size + (i % size));
}

/** Output i of the downlink's input interleaver is input [i], 3GPP TS 38.212 §5.3.1.1. */
export function inputInterleaver(count: number): Uint16Array {
  const skipped = inputInterleaverLimit - count;
  return Uint16Array.from(inputPattern.filter((entry) => entry >= skipped).map((entry) => entry - skipped));
}

/**
 * Output i of the uplink's interleaver of coded bits is input [i], 3GPP TS 38.212 §5.4.1.3: written by rows
 * into an upper left triangle, read by columns.
 */
export function triangularInterleaver(count: number): Uint16Array {
  const side = Math.ceil((Math.sqrt(8 * count + 1) - 1) / 2);
  const order = new Uint16Array(count);
  let at = 0;
  for (let column = 0; column < side; column++) {
    for (let row = 0, start = 0; row < side - column; start += side - row, row++) {
      if (start + column < count) order[at++] = start + column;
    }
  }
  return order;
}
