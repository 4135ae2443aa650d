import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Fixture, makeFixture } from './fixture.js';

let fixture: Fixture;
beforeAll(() => {
  fixture = makeFixture();
  const from = (module: string) => JSON.stringify(pathToFileURL(join(fixture.main, '../..', module)).href);
  writeFileSync(
    join(fixture.dir, 'busy.mjs'),
    `
import * as tf from '@tensorflow/tfjs-core';
import { defineExperiment, param } from ${from('pipeline/index.js')};
export default defineExperiment({
  id: 'test/busy', title: 'Busy', paper: 'none', purpose: 'computes in native code all the time',
  params: { snrDb: param.grid([0, 1], { unit: 'dB' }), soon: param.boolean({ default: true }) },
  presets: { quick: { cost: '1 s' }, paper: { cost: '1 s' } },
  async *measure({ snrDb }, { config }) {
    const a = tf.randomNormal([1500, 1500]);
    const until = performance.now() + (config.soon && snrDb === 1 ? 1500 : 30000);
    while (performance.now() < until) tf.tidy(() => tf.matMul(a, a).dataSync());
    throw Object.assign(new Error('weights w.safetensors: truncated'), { name: 'InputError' });
  },
  figures: () => [],
});
`.replace("'@tensorflow/tfjs-core'", JSON.stringify(import.meta.resolve('@tensorflow/tfjs-core'))),
  );
});
afterAll(() => fixture.remove());

const args = ['run', 'busy.mjs', '--engine', 'onnx', '--workers', '2', '--no-report'];

it('bad input in one thread is told in one line while another computes in native code', async () => {
  const { code, stderr } = await fixture.semwave([...args, '--out', 'input']);
  expect(stderr.trim().split('\n').at(-1)).toBe('semwave: weights w.safetensors: truncated');
  expect(code).toBe(2);
});

it('Ctrl-C while all threads compute in native code ends the run in order', async () => {
  const child = fixture.start([...args, '--out', 'stopped', '--set', 'soon=false']);
  const code = new Promise((resolve) => child.on('close', resolve));
  setTimeout(() => child.kill('SIGINT'), 1800);
  expect(await code).toBe(130);
});
