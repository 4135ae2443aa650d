import { describe, expect, it } from 'vitest';
import { formatComparison, lostSpecs, type SpecRun, tally } from './results.js';

const reference: SpecRun = {
  engine: 'cpu',
  specs: [
    { name: 'add a', status: 'passed' },
    { name: 'conv2d b', status: 'passed' },
    { name: 'conv2d c', status: 'passed' },
    { name: 'fft d', status: 'passed' },
    { name: 'io e', status: 'pending' },
    { name: 'sub f', status: 'failed', messages: ['Error: Arrays differ'] },
  ],
};
const run: SpecRun = {
  engine: 'wasm',
  specs: [
    { name: 'add a', status: 'passed' },
    { name: 'conv2d b', status: 'failed', messages: ["Error: Kernel 'Conv2D' got 3 of 4.5e-7"] },
    { name: 'conv2d c', status: 'failed', messages: ["Error: Kernel 'Conv2D' got 12 of -1"] },
    { name: 'io e', status: 'pending' },
    { name: 'sub f', status: 'passed' },
  ],
};

describe('specs of one engine against another', () => {
  it('are counted by outcome', () => {
    expect(tally(reference)).toEqual({ passed: 4, failed: 1, pending: 1 });
  });

  it('are grouped by a cause without its numbers, the names of kernels kept whole', () => {
    expect(lostSpecs(run, reference)).toEqual([
      { cause: "Kernel 'Conv2D' got N of N", specs: ['conv2d b', 'conv2d c'] },
      { cause: 'did not run', specs: ['fft d'] },
    ]);
    expect(lostSpecs(reference, run)).toEqual([{ cause: 'Arrays differ', specs: ['sub f'] }]);
  });

  it('are summed up in lines', () => {
    const lines = formatComparison({ ...run, crash: 'abort' }, reference).split('\n');
    expect(lines[1]).toBe('wasm: 2 passed, 2 failed, 1 pending; ended early: abort');
    expect(lines[2]).toBe('lost against cpu: 3 (25.00 % of its 4 hold)');
  });
});
