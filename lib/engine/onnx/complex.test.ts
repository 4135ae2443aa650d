import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { disagreement, pattern } from '../testing.js';

describe('complex tensors on onnx: what the plain engine computes', () => {
  const complex = (shape = [2, 6]) => tf.complex(pattern(shape, 1), pattern(shape, 2));
  const parts = (z: tf.Tensor) => [tf.real(z), tf.imag(z)];
  const cases: Record<string, () => tf.Tensor[]> = {
    arithmetic: () =>
      [
        tf.add(complex(), complex()),
        tf.sub(complex(), tf.cast(pattern([2, 6], 1), 'complex64')),
        tf.mul(complex(), complex()),
      ].flatMap(parts),
    'size, cast and reshape': () => [tf.abs(complex()), ...parts(tf.reshape(complex(), [3, 4]))],
    moves: () => [...parts(tf.transpose(complex())), ...parts(tf.concat([complex(), complex()], 0))],
    'Fourier transforms of lengths 6, 8 and 1': () =>
      [tf.fft(complex()), tf.ifft(complex()), tf.fft(complex([3, 8])), tf.ifft(complex([4, 1]))].flatMap(
        parts,
      ),
    'real Fourier transforms': () => [...parts(tf.rfft(pattern([2, 6], 1))), tf.irfft(complex([2, 4]))],
  };
  for (const [name, compute] of Object.entries(cases)) {
    it(name, async () => {
      expect(await disagreement('onnx', compute)).toBeLessThan(1e-4);
    });
  }
});
