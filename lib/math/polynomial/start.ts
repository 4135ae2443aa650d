/** Turns the points of each circle against symmetries of the roots, which would keep the iteration on an axis. */
const OFFSET = 0.7;

/**
 * Starting points for all roots of a polynomial (Bini 1996): an edge of the Newton polygon, the upper convex hull of
 * the points (k, log |a_k|), from i to k tells that about k - i roots have the magnitude exp(-slope).
 * @param magnitudes |a_k| upwards, the first and the last not 0
 * @returns interleaved complex, one point a root
 */
export function startingPoints(magnitudes: Float64Array): Float64Array {
  const degree = magnitudes.length - 1;
  const points = new Float64Array(2 * degree);
  const corners = upperHull(magnitudes.map(Math.log));
  for (let edge = 1; edge < corners.length; edge++) {
    const [from, to] = [corners[edge - 1]!, corners[edge]!];
    const count = to - from;
    const radius = clamp((Math.log(magnitudes[from]!) - Math.log(magnitudes[to]!)) / count);
    for (let k = 0; k < count; k++) {
      const angle = 2 * Math.PI * (k / count + from / degree) + OFFSET;
      points[2 * (from + k)] = radius * Math.cos(angle);
      points[2 * (from + k) + 1] = radius * Math.sin(angle);
    }
  }
  return points;
}

/** Radii whose squares are finite. */
const clamp = (logarithm: number) => Math.exp(Math.max(-300, Math.min(300, logarithm)));

/** Places of the corners of the upper convex hull, left to right. */
function upperHull(heights: Float64Array): number[] {
  const corners: number[] = [];
  heights.forEach((height, at) => {
    if (height === Number.NEGATIVE_INFINITY) return;
    while (corners.length > 1 && !rightTurn(heights, corners.at(-2)!, corners.at(-1)!, at)) corners.pop();
    corners.push(at);
  });
  return corners;
}

const rightTurn = (heights: Float64Array, a: number, b: number, c: number) =>
  (heights[b]! - heights[a]!) * (c - b) > (heights[c]! - heights[b]!) * (b - a);
