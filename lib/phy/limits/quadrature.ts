/** Points of one standard normal dimension with the weights of the trapezoidal rule. */
export interface NormalGrid {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Even steps over a standard normal density. For integrands that are analytic around the real axis the trapezoidal
 * rule converges exponentially in 1/step; the log-sum-exps of constellations have their nearest singularity at
 * pi standard deviations over the spacing of the points, which makes step 0.5 good for 1e-5 and 0.1 for 1e-12.
 */
export function normalGrid(step: number, reach: number): NormalGrid {
  const count = 2 * Math.ceil(reach / step) + 1;
  const nodes = Float64Array.from({ length: count }, (_, k) => (k - (count - 1) / 2) * step);
  const density = nodes.map((z) => Math.exp((-z * z) / 2));
  const total = density.reduce((sum, value) => sum + value, 0);
  return { nodes, weights: density.map((value) => value / total) };
}

/** Simpson's rule over [low, high] with an even number of panels. */
export function integrate(f: (x: number) => number, low: number, high: number, panels = 1000): number {
  const step = (high - low) / panels;
  let sum = f(low) + f(high);
  for (let k = 1; k < panels; k++) sum += (k % 2 === 1 ? 4 : 2) * f(low + k * step);
  return (sum * step) / 3;
}

/**
 * The argument at which an increasing function takes a value, by bisection to the last digits.
 * @returns undefined when the value is not taken between the ends
 */
export function bisect(
  f: (x: number) => number,
  target: number,
  low: number,
  high: number,
): number | undefined {
  let [below, above] = [low, high];
  if (!(f(below) <= target && f(above) >= target)) return undefined;
  while (above - below > 1e-10 * Math.max(1, Math.abs(below))) {
    const middle = (below + above) / 2;
    if (f(middle) < target) below = middle;
    else above = middle;
  }
  return (below + above) / 2;
}
