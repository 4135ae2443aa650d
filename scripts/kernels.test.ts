import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kernelFile, kernelModule, kernelNames } from './kernels.js';

describe('WebAssembly kernels', () => {
  it.each(kernelNames())('%s is what its source compiles to', async (name) => {
    expect(readFileSync(kernelFile(name), 'utf8')).toBe(await kernelModule(name));
  });
});
