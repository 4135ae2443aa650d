/** Steps of the mean magnitude times rows, and the least and most of the former; 127 steps are the largest value. */
const stepsTimesRows = 240;
const leastSteps = 6;
const mostSteps = 48;

/**
 * Steps a unit of LLR. Min-sum does not mind the scale, so the block's own mean magnitude sets it: the same
 * quantiser then serves any constellation, any SNR and any number of combined transmissions. The more rows, the more
 * messages a posterior is the sum of, and the smaller they must be not to saturate it; few rows are checks of many
 * bits, whose least magnitudes need fine steps. The constants are the best found over rates 1/5 to 10/11.
 * @param meanMagnitude of the LLRs that were received
 * @param rows base rows that are decoded
 */
export function quantiserScale(meanMagnitude: number, rows: number): number {
  const steps = Math.min(mostSteps, Math.max(leastSteps, stepsTimesRows / rows));
  return meanMagnitude === 0 ? 1 : Math.fround(steps / meanMagnitude);
}
