import { InputError } from '../base/index.js';
import type { Rng } from '../math/index.js';
import type { Optimiser } from './adam.js';
import { brief } from './brief.js';
import { assignTree, type ParameterTree, snapshot } from './parameters.js';
import { readSafetensors, writeSafetensors } from './safetensors.js';

const format = 'semwave-checkpoint-1';

/** All that training carries from one step to the next. */
export interface TrainingState {
  parameters: ParameterTree;
  optimiser: Optimiser;
  /** The stream of the whole run; step k draws from `rng.fork(k)`, so its name is all there is to keep. */
  rng: Rng;
  /** The averaged weights, if the run keeps them. */
  average?: ParameterTree;
}

/** The variables of a training state as one tree: what a checkpoint holds and a rollback restores. */
export function stateTree({ parameters, optimiser, average }: TrainingState): ParameterTree {
  const { m, v } = optimiser.state;
  return { parameters, optimiser: { m, v }, ...(average && { average }) };
}

/**
 * Writes a training state after `step` updates to one safetensors file, whole or not at all.
 * @throws InputError when the file cannot be written.
 */
export async function saveCheckpoint(path: string, state: TrainingState, step: number): Promise<void> {
  const metadata = {
    format,
    step: String(step),
    rng: state.rng.path,
    optimiser: state.optimiser.name,
    optimiserStep: String(state.optimiser.state.step),
  };
  writeSafetensors(path, await snapshot(stateTree(state)), { metadata });
}

/**
 * Loads a checkpoint into trees of the same structure, which are left as they were when anything disagrees.
 * @returns the number of updates done
 * @throws InputError when the file is not sound, not a checkpoint, or of another model, optimiser or random stream.
 */
export function loadCheckpoint(path: string, state: TrainingState): number {
  const { tensors, metadata } = readSafetensors(path, { what: 'checkpoint' });
  requireField(path, metadata, 'format', format);
  requireField(path, metadata, 'rng', state.rng.path);
  requireField(path, metadata, 'optimiser', state.optimiser.name);
  const step = countField(path, metadata, 'step');
  const optimiserStep = countField(path, metadata, 'optimiserStep');
  assignTree(stateTree(state), tensors, `checkpoint ${path}`);
  state.optimiser.state.step = optimiserStep;
  return step;
}

function fieldText(metadata: Record<string, string>, field: string): string {
  return Object.hasOwn(metadata, field) ? brief(metadata[field]) : 'absent';
}

function requireField(path: string, metadata: Record<string, string>, field: string, expected: string): void {
  if (!Object.hasOwn(metadata, field) || metadata[field] !== expected) {
    throw new InputError(
      `checkpoint ${path}: ${field} is ${fieldText(metadata, field)}; allowed: ${JSON.stringify(expected)}`,
    );
  }
}

function countField(path: string, metadata: Record<string, string>, field: string): number {
  const text = Object.hasOwn(metadata, field) ? metadata[field]! : '';
  const count = Number(text);
  if (!/^\d{1,15}$/.test(text)) {
    throw new InputError(`checkpoint ${path}: ${field} is ${fieldText(metadata, field)}; allowed: a count`);
  }
  return count;
}
