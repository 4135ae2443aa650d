import { describe, expect, it } from 'vitest';
import { type Mode, startContender } from './contender.js';
import { best, markdown, type NetworkResult, ratio, type Timing } from './table.js';

const timing = (name: string, threads: number, mode: Mode, medianMs: number): Timing => ({
  side: { name, threads },
  version: '1',
  mode,
  ms: [medianMs],
  medianMs,
});
const timings = [
  timing('pytorch', 1, 'train', 90),
  timing('pytorch', 2, 'train', 60),
  timing('onnx', 1, 'train', 80),
  timing('onnx', 2, 'train', 40),
];
const result: NetworkResult = {
  network: 'swin',
  title: 'Swin',
  losses: [1, 0.9],
  lossDifference: 0,
  timings,
};

describe('times of the engine bench', () => {
  it('the better thread count of each side is compared', () => {
    expect(best(timings, 'pytorch', 'train')).toEqual({ ms: 60, threads: 2 });
    expect(ratio(timings, 'onnx', 'train')).toBe(1.5);
    expect(ratio(timings, 'wasm', 'train')).toBeUndefined();
  });

  it('stand in a table; who took no part has an empty cell', () => {
    const lines = markdown([result], ['onnx']).split('\n');
    expect(lines[0]).toContain('onnx, 2 threads: ms | PyTorch / onnx |');
    expect(lines[2]).toBe('| Swin | training | 90.0 | 60.0 | 80.0 | 40.0 | 1.50 |');
    expect(lines[3]).toBe('| Swin | inference |  |  |  |  |  |');
  });
});

describe('a contender that cannot run', () => {
  it('is refused in one line that says what to do', async () => {
    const start = startContender({ name: 'pytorch', threads: 1 }, 'swin', 'no-sample', 'no-such-python');
    await expect(start).rejects.toThrow(
      /^pytorch, 1 thread: needs a Python with torch and numpy \(.*ENOENT\)/,
    );
  });
});
