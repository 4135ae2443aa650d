import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { awgn, equalise } from '../channel/index.js';
import { mean, Rng } from '../math/index.js';
import { loadCifar10, meanPsnr } from '../source/index.js';
import { linearCodec } from './linear.js';
import { principalComponents } from './principal.js';

const folder = fileURLToPath(new URL('../../../shared/data/cifar10', import.meta.url));
const absent = !existsSync(folder);

describe.skipIf(absent)(`linear codec on CIFAR-10${absent ? `: skipped, no folder ${folder}` : ''}`, () => {
  // numpy: the same codec written independently, its own noise (4,660 training and 400 test images, ratio 1/6).
  const reference = { 0: 19.66, 5: 23.26, 10: 27.25, 15: 30.87, 20: 33.58 };

  it('has the PSNR of a reference implementation', () => {
    const components = principalComponents(loadCifar10(`${folder}/train.bin`).pictures);
    const { pictures } = loadCifar10(`${folder}/test.bin`, { limit: 400 });
    const codec = linearCodec({ ratio: 1 / 6, components, power: 'ensemble' });
    const link = { channel: 'awgn', fading: 'none' as const, snrDb: 0 };
    // By hand, since a single codeword of this mode may exceed unit energy.
    const codewords = pictures.map((picture) => codec.encode(picture, link) as { symbols: Float32Array });
    const energy = mean(
      codewords.map(({ symbols }) => symbols.reduce((sum, v) => sum + v * v, 0) / (symbols.length / 2)),
    );
    expect(Math.abs(energy - 1)).toBeLessThan(0.1);
    for (const [snr, expected] of Object.entries(reference)) {
      const channel = awgn({ snrDb: Number(snr) });
      const received = codewords.map(({ symbols }, i) => {
        const shape = { codewords: 1, uses: symbols.length / 2 };
        const realisation = channel.sample(Rng.of('cifar').fork(snr).fork(i), shape);
        const reception = equalise(realisation.apply(symbols), realisation);
        return codec.decode(reception, pictures[i]!, link) as (typeof pictures)[number];
      });
      const found = meanPsnr(pictures, received);
      expect(Math.abs(found - expected), `${found.toFixed(3)} dB at ${snr} dB`).toBeLessThan(0.05);
    }
  });
});
