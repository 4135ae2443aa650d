import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { awgn } from '../channel/index.js';
import { useEngine } from '../engine/index.js';
import { type Codec, transmit } from '../link/index.js';
import { mean, Rng } from '../math/index.js';
import { shippedWeights } from '../nn/index.js';
import { type Picture, photographs, psnr } from '../source/index.js';
import { adaptiveCodec } from './adaptive.js';
import type { AdaptiveParameters } from './adaptive-model.js';
import { bestOf } from './best-of.js';
import { deepJsccCodec } from './deepjscc.js';
import { linearCodec } from './linear.js';
import { type PrincipalComponents, principalComponents } from './principal.js';
import type { PictureShape } from './symbols.js';
import { loadAdaptive, loadDeepJscc, ratioLabel } from './weights.js';

const ratios = [1 / 12, 1 / 6, 1 / 3];
const sweep = [-2, 3, 8, 14, 20];
const everyDb = Array.from({ length: 13 }, (_, i) => i);
const tile = 192;
/** The decision rests on one trial transmission, so near a tie it may pick the loser, dB. */
const modeSlack = 0.05;
/** What 1 dB less of SNR may cost in PSNR. */
const steepest = 1.5;

const unless = (path: string) =>
  existsSync(path) ? { absent: false, note: '' } : { absent: true, note: `: skipped, no ${path}` };
const adaptiveFile = unless(shippedWeights('adaptive'));
const deepFile = (ratio: number) => unless(shippedWeights(`deepjscc-${ratioLabel(ratio)}`));

let pictures: Picture[];
beforeAll(async () => {
  await useEngine('wasm');
  pictures = await photographs.heldOut(3, { tile });
});

/** Mean PSNR at each SNR, every codec over the same draws. */
async function curve(codec: Codec<Picture, PictureShape>, snrsDb: readonly number[]): Promise<number[]> {
  const means: number[] = [];
  for (const snrDb of snrsDb) {
    const { received } = await transmit(codec, awgn({ snrDb }), pictures, Rng.of('shipped'));
    means.push(mean(pictures.map((picture, i) => psnr(picture, received[i]!))));
  }
  return means;
}

function expectGraceful(psnrs: number[]): void {
  for (let i = 1; i < psnrs.length; i++) {
    const gain = psnrs[i]! - psnrs[i - 1]!;
    expect(gain, `from ${i - 1} to ${i} dB`).toBeLessThanOrEqual(steepest);
    expect(gain, `from ${i - 1} to ${i} dB`).toBeGreaterThan(-0.1);
  }
}

describe.skipIf(adaptiveFile.absent)(`shipped weights of the default codec${adaptiveFile.note}`, () => {
  let parameters: AdaptiveParameters;
  let components: PrincipalComponents;
  const curves = new Map<number, Promise<number[]>>();
  const linearAt = (ratio: number) => linearCodec({ ratio, components });
  /** Measured once a ratio, whichever test asks first. */
  function curveOf(ratio: number): Promise<number[]> {
    const network = adaptiveCodec({ ratio, parameters });
    const known = curves.get(ratio) ?? curve(bestOf('adaptive', [network, linearAt(ratio)]), sweep);
    curves.set(ratio, known);
    return known;
  }
  beforeAll(async () => {
    parameters = loadAdaptive();
    components = principalComponents(await photographs.training());
  });

  it.each(ratios)(
    'with a mode decision never do worse than linear, -2 to 20 dB (ratio %d)',
    async (ratio) => {
      const linear = await curve(linearAt(ratio), sweep);
      const adaptive = await curveOf(ratio);
      for (const [i, value] of adaptive.entries()) {
        expect(value, `at ${sweep[i]} dB`).toBeGreaterThanOrEqual(linear[i]! - modeSlack);
      }
    },
  );

  it('gain by a higher ratio at every SNR', async () => {
    const low = await curveOf(1 / 12);
    const middle = await curveOf(1 / 6);
    const high = await curveOf(1 / 3);
    for (const i of sweep.keys()) {
      expect(middle[i]!, `at ${sweep[i]} dB`).toBeGreaterThan(low[i]!);
      expect(high[i]!, `at ${sweep[i]} dB`).toBeGreaterThan(middle[i]!);
    }
  });

  it('degrade gracefully, 0 to 12 dB', async () => {
    expectGraceful(await curve(adaptiveCodec({ ratio: 1 / 6, parameters }), everyDb));
  });
});

describe('shipped weights of DeepJSCC', () => {
  const { absent, note } = deepFile(1 / 6);
  it.skipIf(absent)(`degrade gracefully, 0 to 12 dB${note}`, async () => {
    const parameters = loadDeepJscc(1 / 6);
    expectGraceful(await curve(deepJsccCodec({ ratio: 1 / 6, parameters }), everyDb));
  });

  const missing = ratios.map(deepFile).find((file) => file.absent);
  it.skipIf(missing)(`gain by a higher ratio at the SNR of training${missing?.note ?? ''}`, async () => {
    const psnrs: number[] = [];
    for (const ratio of ratios) {
      const codec = deepJsccCodec({ ratio, parameters: loadDeepJscc(ratio) });
      psnrs.push((await curve(codec, [10]))[0]!);
    }
    expect(psnrs[1]).toBeGreaterThan(psnrs[0]!);
    expect(psnrs[2]).toBeGreaterThan(psnrs[1]!);
  });
});

describe.skipIf(adaptiveFile.absent)(`files of the weights${adaptiveFile.note}`, () => {
  it('take at most 4 MB in all', () => {
    const folder = dirname(shippedWeights('adaptive'));
    const files = readdirSync(folder).filter((name) => name.endsWith('.safetensors'));
    const bytes = files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    expect(bytes).toBeLessThanOrEqual(4e6);
  });

  it('are those that the manifest names, byte for byte', () => {
    const folder = dirname(shippedWeights('adaptive'));
    const { files } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    const found = readdirSync(folder).filter((name) => name.endsWith('.safetensors'));
    expect(Object.keys(files).sort()).toEqual(found.sort());
    for (const name of found) {
      const hash = createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex');
      expect(hash, name).toBe(files[name].sha256);
    }
  });
});
