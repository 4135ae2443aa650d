import { z } from 'zod';
import { readFileChecked } from '../../base/index.js';
import { parseJson, TEXT_LIMITS } from './parse.js';
import { identifier } from './values.js';

const parts = z.record(z.string(), z.array(identifier).max(100_000));
const dairSchema = z.object({
  batch_split: parts,
  vehicle_split: parts,
  infrastructure_split: parts,
  cooperative_split: parts,
});
const griffinSchema = z.object({ batch_split: parts });

/** Names of frames, batches or scenes, by the part of a split (`train`, `val` ...). */
export type Split = Readonly<Record<string, readonly string[]>>;

export interface DairSplits {
  readonly batch: Split;
  readonly vehicle: Split;
  readonly infrastructure: Split;
  /** Vehicle frames that have a partner: what `frames` of `openDair` takes. */
  readonly cooperative: Split;
}

/**
 * Reads a split file of DAIR-V2X-C, such as `cooperative-split-data.json`.
 * @throws InputError when it cannot be read or is no such file.
 */
export function readDairSplits(path: string): DairSplits {
  const file = parseJson(readSplit(path), dairSchema, `split ${path}`);
  return {
    batch: file.batch_split,
    vehicle: file.vehicle_split,
    infrastructure: file.infrastructure_split,
    cooperative: file.cooperative_split,
  };
}

/**
 * Reads a split file of Griffin, such as `griffin_50scenes_25m.json`: the names of scenes, which `scenes` of `openGriffin` takes.
 * @throws InputError when it cannot be read or is no such file.
 */
export function readGriffinSplits(path: string): Split {
  return parseJson(readSplit(path), griffinSchema, `split ${path}`).batch_split;
}

/**
 * Reads a plain JSON list of frame names, the other form of DAIR splits.
 * @throws InputError when it cannot be read or is no such list.
 */
export function readFrameList(path: string): string[] {
  return parseJson(readSplit(path), z.array(identifier).max(100_000), `split ${path}`);
}

function readSplit(path: string): Buffer {
  return readFileChecked(path, 'split', { maxBytes: TEXT_LIMITS.jsonBytes });
}
