import { describe, expect, it } from 'vitest';
import { mcs, mcsTable } from './mcs.js';

describe('modulation and coding schemes', () => {
  it('have the spectral efficiencies that 3GPP TS 38.214 prints beside them', () => {
    const printed: readonly (readonly ['qam64' | 'qam256', number, number])[] = [
      ['qam64', 0, 0.2344],
      ['qam64', 9, 1.3262],
      ['qam64', 10, 1.3281],
      ['qam64', 16, 2.5703],
      ['qam64', 17, 2.5664],
      ['qam64', 28, 5.5547],
      ['qam256', 4, 1.1758],
      ['qam256', 19, 5.1152],
      ['qam256', 20, 5.332],
      ['qam256', 26, 7.1602],
      ['qam256', 27, 7.4063],
    ];
    for (const [table, index, efficiency] of printed) {
      expect(mcs(index, table).efficiency).toBeCloseTo(efficiency, 4);
    }
  });

  it('are as many as the tables have rows', () => {
    expect([mcsTable('qam64').length, mcsTable('qam256').length]).toEqual([29, 28]);
    expect(() => mcs(29)).toThrow('MCS index');
    expect(() => mcs(0, 'qam1024' as never)).toThrow('MCS table');
  });
});
