/** How the stations of a path share out the swapping. */
export const SWAP_ORDERS = ['balanced', 'sequential'] as const;

export type SwapOrder = (typeof SWAP_ORDERS)[number];

/**
 * A stretch of a path whose ends come to share pairs: a link, or two shorter stretches joined by swapping. Places count
 * along the path.
 */
export interface Segment {
  readonly left: number;
  readonly right: number;
  /** Whose pairs are made by swapping pairs of `parts` at the place `split`; undefined for a link. */
  readonly split?: number;
  readonly parts?: readonly [Segment, Segment];
  /** The place that decides about the pairs: it purifies and swaps them; the first of the path for the whole of it. */
  readonly controller: number;
}

/**
 * The tree of stretches of a path of `nodes` nodes. `balanced` swaps in the middle first of halves; `sequential` extends
 * pairs from the first node, link by link. One place alone decides about the pairs of a stretch, so two ends never use
 * one pair for two things, however late messages are.
 */
export function segmentTree(nodes: number, order: SwapOrder): Segment {
  return segmentOf(0, nodes - 1, 0, order);
}

function segmentOf(left: number, right: number, controller: number, order: SwapOrder): Segment {
  if (right - left === 1) return { left, right, controller };
  const split = order === 'sequential' ? right - 1 : (left + right) >> 1;
  const parts = [segmentOf(left, split, split, order), segmentOf(split, right, split, order)] as const;
  return { left, right, split, parts, controller };
}
