import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeModel, type ModelProto } from '../onnx/proto.js';
import type { Runtime } from '../onnx/runtime.js';

/**
 * How far ONNX Runtime goes: `basic` folds constants, cancels transposes and fuses into standard operators;
 * `all` is what it runs, with operators and layouts of its own.
 */
export type Level = 'basic' | 'all';

/** A model after ONNX Runtime's own optimisation, which it hands out as a file only. */
export function optimise(runtime: Runtime, model: Uint8Array, level: Level = 'basic'): ModelProto {
  const folder = mkdtempSync(join(tmpdir(), 'semwave-'));
  const path = join(folder, 'model.onnx');
  try {
    runtime
      .session(model, 1, undefined, { graphOptimizationLevel: level, optimizedModelFilePath: path })
      .dispose();
    return decodeModel(readFileSync(path));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
