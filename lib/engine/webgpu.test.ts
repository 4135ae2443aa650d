import { existsSync, readdirSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { useEngine } from './engines.js';
import { disagreement, pattern, valueAndGradients } from './testing.js';

/** The software Vulkan of Debian's Chromium package, and the loader that finds it. */
const softwareVulkan = '/usr/lib/chromium/vk_swiftshader_icd.json';
const libraries = [
  '/usr/lib',
  '/usr/lib64',
  `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`,
];
const loader = libraries.some(
  (folder) => existsSync(folder) && readdirSync(folder).some((name) => name.startsWith('libvulkan.so.1')),
);
const missing = !existsSync(softwareVulkan) ? softwareVulkan : loader ? undefined : 'libvulkan.so.1';
const note = missing ? `: skipped, no ${missing}` : '';

describe.skipIf(missing)(`webgpu on a software adapter${note}`, () => {
  beforeAll(async () => {
    process.env.VK_ICD_FILENAMES = softwareVulkan;
    process.env.XDG_RUNTIME_DIR ??= '/tmp';
    const info = await useEngine('webgpu');
    expect(info).toMatchObject({ name: 'webgpu', backend: 'webgpu' });
    expect(info.note).toContain('in software: for tests');
  });

  const cases: [string, number[][], (...inputs: tf.Tensor[]) => tf.Tensor][] = [
    [
      'matrix product',
      [
        [5, 7],
        [7, 3],
      ],
      (a, b) => tf.matMul(a!, b!),
    ],
    [
      'convolution, stride 2',
      [
        [2, 8, 8, 3],
        [5, 5, 3, 4],
      ],
      (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, 'same'),
    ],
    [
      'transposed convolution, stride 2',
      [
        [2, 4, 4, 3],
        [5, 5, 4, 3],
      ],
      (x, w) => tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, [2, 8, 8, 4], 2, 'same'),
    ],
    ['PReLU', [[2, 4, 4, 3], [3]], (x, a) => tf.prelu(x!, a!)],
    ['softmax', [[6, 9]], (x) => tf.softmax(x!)],
    ['mean and square root', [[4, 6]], (x) => tf.sqrt(tf.add(tf.mean(tf.square(x!), 1), 1))],
  ];
  it.each(cases)('value and gradients agree with the plain engine: %s', async (_name, shapes, f) => {
    expect(await disagreement('webgpu', valueAndGradients(shapes, f))).toBeLessThan(1e-3);
  });

  it('three training steps of a small codec agree with the plain engine', async () => {
    const steps = () => {
      const encoder = tf.variable(tf.mul(pattern([5, 5, 3, 4], 1), 0.1));
      const decoder = tf.variable(tf.mul(pattern([5, 5, 3, 4], 2), 0.1));
      const pictures = pattern([2, 8, 8, 3], 3) as tf.Tensor4D;
      const optimiser = tf.train.adam(0.01);
      const losses = Array.from(
        { length: 3 },
        () =>
          optimiser.minimize(
            () => {
              const latent = tf.elu(tf.conv2d(pictures, encoder as tf.Tensor4D, 2, 'same'));
              const noisy = tf.add(latent, tf.mul(pattern([2, 4, 4, 4], 4), 0.1)) as tf.Tensor4D;
              const output = tf.conv2dTranspose(noisy, decoder as tf.Tensor4D, [2, 8, 8, 3], 2, 'same');
              return tf.mean(tf.square(tf.sub(output, pictures))) as tf.Scalar;
            },
            true,
            [encoder, decoder],
          )!,
      );
      optimiser.dispose();
      return [...losses, encoder, decoder];
    };
    expect(await disagreement('webgpu', steps)).toBeLessThan(1e-3);
  });
});
