/**
 * Steps a unit of LLR, so that 127 steps, the most, are an LLR of 21. A fixed step serves every constellation: one set by
 * the mean magnitude makes the weak bits of 64-QAM beside its strong ones vanish.
 */
export const stepsPerUnit = 6;
