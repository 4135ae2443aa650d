/**
 * Exported codecs in Python: encoder and decoder of DeepJSCC and of the default codec (weights that ship, ratio
 * 1/6) are written as ONNX files; Python's onnxruntime runs them on 100 random inputs each, and its numbers are
 * compared with those of the same networks on the wasm engine and of the same files in Node. onnx.checker checks
 * the files.
 *
 * Usage: PYTHON=.../python3 npx tsx scripts/bench/engine/onnx-export.ts (a Python with onnxruntime, onnx, numpy)
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { openModel, useEngine } from '../../../lib/engine/index.js';
import {
  adaptiveCodec,
  type CodecPart,
  codecModel,
  deepJsccCodec,
  loadAdaptive,
  loadDeepJscc,
} from '../../../lib/jscc/index.js';
import { Rng } from '../../../lib/math/index.js';

const runs = 100;
const size = { width: 64, height: 48 };
const ratio = 1 / 6;

type Values = Record<string, Float32Array>;

/** Pictures uniform in [0, 1], symbols of unit energy, SNR over and beyond the range of training, scales about 1. */
function randomInputs(shapes: ReturnType<CodecPart['inputs']>, rng: Rng): Values {
  const draws: Record<string, () => number> = {
    picture: () => rng.uniform(0, 1),
    symbols: () => rng.normal(0, Math.SQRT1_2),
    snr_db: () => rng.uniform(-5, 25),
    scale: () => 2 ** rng.uniform(-1, 1),
  };
  const fill = (name: string, shape: number[]) =>
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, draws[name]!);
  return Object.fromEntries(Object.entries(shapes).map(([name, { shape }]) => [name, fill(name, shape)]));
}

/** The part on the engine in use. */
function onTensors(part: CodecPart, inputs: Values): Values {
  const shapes = part.inputs(size);
  const outputs = tf.tidy(() => {
    const tensors = Object.entries(inputs).map(([name, data]) => [
      name,
      tf.tensor(data.slice(), shapes[name]!.shape),
    ]);
    return part.apply(Object.fromEntries(tensors), size);
  });
  const values = Object.entries(outputs).map(([name, tensor]) => [name, tensor.dataSync().slice()]);
  tf.dispose(outputs);
  return Object.fromEntries(values);
}

/** One file, its inputs and both sets of expected outputs, as raw float32 and a list of what they are. */
async function write(folder: string, part: CodecPart): Promise<void> {
  const name = `${part.codec}-${part.role}`;
  const bytes = await codecModel(part, size);
  writeFileSync(join(folder, `${name}.onnx`), bytes);
  const model = openModel(bytes);
  const shapes = part.inputs(size);
  const cases: object[] = [];
  const numbers: Uint8Array[] = [];
  for (let run = 0; run < runs; run++) {
    const inputs = randomInputs(shapes, Rng.of(name).fork(run));
    const given = Object.entries(inputs).map(([key, data]) => [key, { data, shape: shapes[key]!.shape }]);
    const inNode = model.run(Object.fromEntries(given));
    const outputs = onTensors(part, inputs);
    const keep = (values: Float32Array) => numbers.push(new Uint8Array(values.slice().buffer));
    for (const values of Object.values(inputs)) keep(values);
    for (const key of Object.keys(outputs)) {
      keep(outputs[key]!);
      keep(inNode[key]!.data as Float32Array);
    }
    cases.push({
      inputs: Object.entries(shapes).map(([key, { shape }]) => ({ name: key, shape })),
      outputs: Object.entries(inNode).map(([key, { shape }]) => ({ name: key, shape })),
    });
  }
  model.dispose();
  writeFileSync(join(folder, `${name}.json`), JSON.stringify({ name, cases }));
  writeFileSync(join(folder, `${name}.f32`), Buffer.concat(numbers));
}

async function main(): Promise<void> {
  await useEngine('wasm');
  const codecs = [
    deepJsccCodec({ ratio, parameters: loadDeepJscc(ratio) }),
    adaptiveCodec({ ratio, parameters: loadAdaptive() }),
  ];
  const folder = mkdtempSync(join(tmpdir(), 'semwave-export-'));
  try {
    for (const { encoder, decoder } of codecs) {
      await write(folder, encoder);
      await write(folder, decoder);
    }
    const script = fileURLToPath(new URL('onnx_export.py', import.meta.url));
    execFileSync(process.env.PYTHON ?? 'python3', [script, folder], { stdio: 'inherit' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
