/** Steps that the mean magnitude of the received LLRs becomes; 127 steps are the most. */
const meanSteps = 10;

/**
 * Steps a unit of LLR. Min-sum does not mind the scale, so the block's own mean magnitude sets it: the same
 * quantiser then serves any constellation, any SNR and any number of combined transmissions.
 * @param meanMagnitude of the LLRs that were received
 */
export function quantiserScale(meanMagnitude: number): number {
  return meanMagnitude === 0 ? 1 : Math.fround(meanSteps / meanMagnitude);
}
