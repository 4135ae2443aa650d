/** Elements among which power is shared, each counted a number of times. */
export interface Elements {
  /** Signal-to-noise ratio at unit power. */
  gain: Float64Array;
  times: Float64Array;
  /** Reward for power besides the rate, nats for each unit of power. */
  tilt: Float64Array;
}

/**
 * Powers that maximise sum times [ln(1 + gain p) + tilt p] subject to 0 <= p <= peak and sum times p = total: water-filling
 * whose level is raised where power is rewarded, p = 1 / (level - tilt) - 1 / gain within the limits (Karush-Kuhn-Tucker).
 */
export function fillPower(elements: Elements, total: number, peak: number): Float64Array {
  const { gain, times } = elements;
  // Only differences of tilts count; beside large ones the level would lose its digits.
  const top = elements.tilt.reduce((most, value) => Math.max(most, value));
  const tilt = elements.tilt.map((value) => value - top);
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [i, g] of gain.entries()) {
    low = Math.min(low, g / (1 + peak * g) + tilt[i]!);
    high = Math.max(high, g + tilt[i]!);
  }
  for (let middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2) {
    if (usedAt({ gain, times, tilt }, middle, peak) >= total) low = middle;
    else high = middle;
  }
  // Two neighbouring numbers enclose the level; between them the rest is shared out in proportion.
  const [most, least] = [usedAt({ gain, times, tilt }, low, peak), usedAt({ gain, times, tilt }, high, peak)];
  const part = most > least ? Math.min(1, Math.max(0, (total - least) / (most - least))) : 0;
  return gain.map((g, i) => {
    const [above, below] = [powerAt(g, low - tilt[i]!, peak), powerAt(g, high - tilt[i]!, peak)];
    return below + part * (above - below);
  });
}

function usedAt({ gain, times, tilt }: Elements, level: number, peak: number): number {
  let used = 0;
  for (let i = 0; i < gain.length; i++) used += times[i]! * powerAt(gain[i]!, level - tilt[i]!, peak);
  return used;
}

function powerAt(gain: number, slack: number, peak: number): number {
  return slack > 0 ? Math.min(peak, Math.max(0, 1 / slack - 1 / gain)) : peak;
}
