import { requireChoice, requireInteger } from '../base/index.js';

/** A modulation and coding scheme. */
export interface Mcs {
  /** Place in its table. */
  index: number;
  /** Bits a QAM symbol. */
  bitsPerSymbol: 2 | 4 | 6 | 8;
  /** Payload bits a coded bit. */
  codeRate: number;
  /** Payload bits a channel use. */
  efficiency: number;
}

/** Runs of the tables of 3GPP TS 38.214 §5.1.3.1: bits a symbol, and 1024 times the code rate from index to index. */
type Runs = readonly (readonly [bitsPerSymbol: Mcs['bitsPerSymbol'], rates: readonly number[]])[];

const tables: Record<'qam64' | 'qam256', Runs> = {
  // Table 5.1.3.1-1
  qam64: [
    [2, [120, 157, 193, 251, 308, 379, 449, 526, 602, 679]],
    [4, [340, 378, 434, 490, 553, 616, 658]],
    [6, [438, 466, 517, 567, 616, 666, 719, 772, 822, 873, 910, 948]],
  ],
  // Table 5.1.3.1-2
  qam256: [
    [2, [120, 193, 308, 449, 602]],
    [4, [378, 434, 490, 553, 616, 658]],
    [6, [466, 517, 567, 616, 666, 719, 772, 822, 873]],
    [8, [682.5, 711, 754, 797, 841, 885, 916.5, 948]],
  ],
};

export type McsTable = keyof typeof tables;

/**
 * The modulation and coding schemes of NR's shared channels by index (3GPP TS 38.214 §5.1.3.1: `qam64` is
 * table 1, 29 schemes; `qam256` table 2, 28 schemes).
 */
export function mcsTable(table: McsTable): Mcs[] {
  const runs = tables[requireChoice('MCS table', table, ['qam64', 'qam256'] as const)];
  return runs
    .flatMap(([bitsPerSymbol, rates]) => rates.map((rate) => ({ bitsPerSymbol, codeRate: rate / 1024 })))
    .map((scheme, index) => ({ index, ...scheme, efficiency: scheme.bitsPerSymbol * scheme.codeRate }));
}

/** One scheme. @throws InputError when the table has no such index. */
export function mcs(index: number, table: McsTable = 'qam64'): Mcs {
  const schemes = mcsTable(table);
  return schemes[requireInteger('MCS index', index, 0, schemes.length - 1)]!;
}
