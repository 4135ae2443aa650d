import { expect, it, vi } from 'vitest';
import { InputError } from '../base/index.js';
import { useEngine } from './index.js';

const missing = 'engine onnx: onnxruntime-node or its native library did not load (no such file)';
vi.mock('./onnx/start.js', () => ({
  startOnnx: () => Promise.reject(new InputError(missing)),
}));

it('takes wasm under auto where the library of ONNX Runtime is missing, and says so', async () => {
  const info = await useEngine('auto');
  if (info.name !== 'wasm') return expect(['cuda', 'webgpu']).toContain(info.name);
  expect(info.fallback).toBe(`${missing}; wasm computes instead, several times slower`);
  expect(info.note).toContain(missing);
});

it('refuses onnx by name in that one line', async () => {
  await expect(useEngine('onnx')).rejects.toThrow(new InputError(missing));
});
