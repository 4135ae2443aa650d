import { join } from 'node:path';
import { InputError, requireChoice } from '../base/index.js';
import { useEngine } from '../engine/index.js';
import { adaptiveCodec, deepJsccCodec, exportOnnx, loadAdaptive, loadDeepJscc } from '../jscc/index.js';

export interface ExportFlags {
  ratio: string;
  size: string;
  weights?: string;
}

const codecs = {
  adaptive: (ratio: number, weights?: string) => adaptiveCodec({ ratio, parameters: loadAdaptive(weights) }),
  deepjscc: (ratio: number, weights?: string) =>
    deepJsccCodec({ ratio, parameters: loadDeepJscc(ratio, weights) }),
};

/**
 * `semwave export CODEC DIR`: encoder and decoder as `encoder.onnx` and `decoder.onnx`.
 * @returns 0 when both are written.
 * @throws InputError for an unknown codec, a ratio, size or weights that it does not take, or a bad folder.
 */
export async function exportCommand(name: string, dir: string, flags: ExportFlags): Promise<number> {
  const choice = requireChoice('codec', name, ['adaptive', 'deepjscc'] as const);
  await useEngine('onnx');
  const { encoder, decoder } = codecs[choice](readRatio(flags.ratio), flags.weights);
  const size = readSize(flags.size);
  for (const part of [encoder, decoder]) {
    const path = join(dir, `${part.role}.onnx`);
    await exportOnnx(part, path, size);
    process.stdout.write(`${path}\n`);
  }
  return 0;
}

/** `1/6` or `0.125`. */
function readRatio(text: string): number {
  const match = /^(\d{1,9}(?:\.\d{1,15})?)(?:\/(\d{1,9}))?$/.exec(text);
  if (match) return Number(match[1]) / Number(match[2] ?? 1);
  throw new InputError(`--ratio is ${JSON.stringify(text)}; allowed: a number or a fraction, as 1/6`);
}

/** `256x192`: width and height. */
function readSize(text: string): { width: number; height: number } {
  const match = /^(\d{1,5})x(\d{1,5})$/.exec(text);
  if (match) return { width: Number(match[1]), height: Number(match[2]) };
  throw new InputError(`--size is ${JSON.stringify(text)}; allowed: width x height, as 256x192`);
}
