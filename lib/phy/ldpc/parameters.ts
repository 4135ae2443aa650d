import { requireInteger } from '../../base/index.js';
import { type BaseGraphNumber, liftingSizes } from './base-graph.js';

/** Largest code blocks, K_cb of 3GPP TS 38.212 §5.2.2. */
export const largestBlock: Record<BaseGraphNumber, number> = { 1: 8448, 2: 3840 };

/** How k bits lie in an NR LDPC codeword. */
export interface BlockLayout {
  baseGraph: BaseGraphNumber;
  liftingSize: number;
  /** Information bits, code-block CRC included. */
  k: number;
  /** Zero bits behind them that are never sent: K - k. */
  fillers: number;
}

/**
 * The base graph of a payload (3GPP TS 38.212 §6.2.2 and §7.2.2).
 * @param payload bits before any CRC
 * @param rate payload bits a coded bit
 */
export function selectBaseGraph(payload: number, rate: number): BaseGraphNumber {
  const short = payload <= 292 || (payload <= 3824 && rate <= 0.67);
  return short || rate <= 0.25 ? 2 : 1;
}

/**
 * Lifting size and fillers of a code block (3GPP TS 38.212 §5.2.2): the smallest Z with K_b Z >= k.
 * @param k bits of the block, its CRC included
 * @param whole bits of the transport block with its CRC, which choose K_b of base graph 2
 * @throws InputError when the block is larger than the base graph allows.
 */
export function blockLayout(baseGraph: BaseGraphNumber, k: number, whole = k): BlockLayout {
  requireInteger('k', k, 1, largestBlock[baseGraph]);
  const used = baseGraph === 1 ? 22 : usedColumns(whole);
  const liftingSize = liftingSizes.find((size) => used * size >= k)!;
  return { baseGraph, liftingSize, k, fillers: (baseGraph === 1 ? 22 : 10) * liftingSize - k };
}

function usedColumns(whole: number): number {
  if (whole > 640) return 10;
  if (whole > 560) return 9;
  return whole > 192 ? 8 : 6;
}
