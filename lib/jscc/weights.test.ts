import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useEngine } from '../engine/index.js';
import { Rng } from '../math/index.js';
import { disposeTree, encodeSafetensors, type Snapshot, shippedWeights, snapshot } from '../nn/index.js';
import { initAdaptive } from './adaptive-model.js';
import { initDeepJscc } from './deepjscc-model.js';
import { principalComponents } from './principal.js';
import { inputErrorOf, largestDifference, wavyPicture } from './testing.js';
import { loadAdaptive, loadDeepJscc, ratioLabel } from './weights.js';

const folder = mkdtempSync(join(tmpdir(), 'semwave-weights-'));
afterAll(() => rmSync(folder, { recursive: true }));

let adaptive: Snapshot;
let deep: Snapshot;
beforeAll(async () => {
  await useEngine('wasm');
  const trees = [
    initAdaptive(principalComponents([wavyPicture(128, 128)]), Rng.of(1)),
    initDeepJscc(Rng.of(1), 1 / 6),
  ] as const;
  adaptive = await snapshot(trees[0]);
  deep = await snapshot(trees[1]);
  trees.forEach(disposeTree);
});

let files = 0;
function fileOf(bytes: Uint8Array): string {
  const path = join(folder, `weights-${files++}.safetensors`);
  writeFileSync(path, bytes);
  return path;
}

/** The one line that loading these bytes as a file ends in; it must name the file. */
async function refusal(bytes: Uint8Array, load: (path: string) => unknown = loadAdaptive): Promise<string> {
  const path = fileOf(bytes);
  const message = await inputErrorOf(() => load(path));
  expect(message).toContain(path);
  return message;
}

describe('weights', () => {
  it('come back from a file or from bytes; half precision costs 11 bits', async () => {
    const whole = loadAdaptive(fileOf(encodeSafetensors(adaptive)));
    for (const [name, { data }] of await snapshot(whole))
      expect(largestDifference(data, adaptive.get(name)!.data)).toBe(0);
    const half = loadAdaptive(encodeSafetensors(adaptive, { dtype: 'F16' }));
    for (const [name, { data }] of await snapshot(half)) {
      const exact = adaptive.get(name)!.data;
      const largest = exact.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
      expect(largestDifference(data, exact), name).toBeLessThanOrEqual(largest * 2 ** -11);
    }
    const network = loadDeepJscc(1 / 6, encodeSafetensors(deep));
    for (const [name, { data }] of await snapshot(network))
      expect(largestDifference(data, deep.get(name)!.data)).toBe(0);
    for (const tree of [whole, half, network]) disposeTree(tree);
  });

  it('are refused when the file is cut short, anywhere', async () => {
    const bytes = encodeSafetensors(deep);
    for (const length of [0, 7, 8, 100, bytes.length >> 1, bytes.length - 1]) {
      await refusal(bytes.subarray(0, length), (path) => loadDeepJscc(1 / 6, path));
    }
  });

  it('are refused when the header is damaged', async () => {
    const bytes = encodeSafetensors(adaptive);
    const rng = Rng.of('flips');
    const headerLength = new DataView(bytes.buffer).getUint32(0, true);
    for (let trial = 0; trial < 40; trial++) {
      const copy = bytes.slice();
      // Two high bits flipped: no text of a header survives that.
      const at = 8 + rng.integer(Math.min(headerLength, 4000));
      copy[at]! ^= 0xc0;
      await refusal(copy);
    }
    const long = bytes.slice();
    long.fill(0xff, 0, 8);
    expect(await refusal(long)).toContain('header claims');
    expect(await refusal(Buffer.from('not a safetensors file, only text'))).toContain('header');
  });

  it('are refused when they are of another model, shape or ratio', async () => {
    expect(await refusal(encodeSafetensors(deep))).toContain('no tensor encoder.analysis.weight');
    const network = (path: string) => loadDeepJscc(1 / 6, path);
    expect(await refusal(encodeSafetensors(adaptive), network)).toContain('no tensor encoder.layer0');
    expect(await refusal(encodeSafetensors(deep), (path) => loadDeepJscc(1 / 12, path))).toMatch(
      /encoder\.layer4\.conv\.weight has shape \[5,5,32,16\]; the model needs \[5,5,32,8\]/,
    );
    const extra = new Map([...deep, ['more', { shape: [1], data: new Float32Array(1) }]]);
    expect(await refusal(encodeSafetensors(extra), network)).toContain(
      '"more" is not a parameter of the model',
    );
  });

  it('are refused when the file is missing, or the ratio is none', async () => {
    const path = join(folder, 'missing.safetensors');
    expect(await inputErrorOf(() => loadAdaptive(path))).toContain(path);
    expect(await inputErrorOf(() => loadDeepJscc(0))).toContain('bandwidth ratio is 0');
    expect(await inputErrorOf(() => loadDeepJscc(Number.NaN, path))).toContain('bandwidth ratio is NaN');
  });

  it('stand in one place, by name and ratio', () => {
    expect([1 / 12, 1 / 6, 1 / 3].map(ratioLabel)).toEqual(['1-12', '1-6', '1-3']);
    expect(shippedWeights('adaptive')).toMatch(/datasets[\\/]weights[\\/]adaptive\.safetensors$/);
  });
});
