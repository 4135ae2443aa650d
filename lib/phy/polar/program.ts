/**
 * What a step of the pruned decoder does at a node of the tree, which covers `1 << stage` transform outputs
 * from `offset`. The numbers are those of the WebAssembly kernel.
 */
export const Step = {
  /** LLRs of the left child. */
  Left: 0,
  /** LLRs of the right child, its left sibling decided. */
  Right: 1,
  /** The same where the left sibling is all frozen. */
  RightOfZero: 2,
  /** Both children's bits to the node's. */
  Combine: 3,
  /** The same where the left child is all frozen. */
  CombineZero: 4,
  /** A node whose inputs are all frozen. */
  Rate0: 5,
  /** A node with its last input free: all its outputs are that bit. A leaf is one of length 1. */
  Repetition: 6,
  /** A node whose inputs are all free. */
  Rate1: 7,
  /** A node with its first input frozen: a single parity check. */
  ParityCheck: 8,
} as const;

/** Steps as triples kind, stage, offset. */
export type Program = Int32Array;

/** Longest nodes that are decoded at once: sums in 16 bits, and positions in 7. */
const LONGEST_SUM = 512;
const LONGEST_SORT = 128;

/**
 * The walk through the decoding tree of a polar code, with subtrees that are decoded at once in closed form
 * (Alamdar-Yazdi and Kschischang 2011; Sarkis et al. 2014; Hashemi, Condo and Gross 2017).
 * @param frozen 1 where an input is frozen to 0
 */
export function decodingProgram(frozen: Uint8Array): Program {
  const steps: number[] = [];
  walk(frozen, 0, steps);
  return Int32Array.from(steps);
}

function walk(frozen: Uint8Array, offset: number, steps: number[]): void {
  const stage = Math.log2(frozen.length);
  const kind = closedForm(frozen);
  if (kind !== undefined) {
    steps.push(kind, stage, offset);
    return;
  }
  const half = frozen.length / 2;
  const left = frozen.subarray(0, half);
  const zero = !left.includes(0);
  steps.push(Step.Left, stage, offset);
  walk(left, offset, steps);
  steps.push(zero ? Step.RightOfZero : Step.Right, stage, offset);
  walk(frozen.subarray(half), offset + half, steps);
  steps.push(zero ? Step.CombineZero : Step.Combine, stage, offset);
}

function closedForm(frozen: Uint8Array): number | undefined {
  const length = frozen.length;
  const free = frozen.reduce((sum, bit) => sum + 1 - bit, 0);
  if (free === 0 && length <= LONGEST_SUM) return Step.Rate0;
  if (free === 1 && frozen[length - 1] === 0 && length <= LONGEST_SUM) return Step.Repetition;
  if (free === length && length <= LONGEST_SORT) return Step.Rate1;
  if (free === length - 1 && frozen[0] === 1 && length <= LONGEST_SORT) return Step.ParityCheck;
  return undefined;
}
