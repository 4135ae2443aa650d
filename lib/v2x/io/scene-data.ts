import { requireInteger } from '../../base/index.js';
import type { Frame } from '../types.js';

/** Frames that follow each other. */
export interface Scenario {
  readonly name: string;
  /** The place of its first frame in the data set. */
  readonly first: number;
  readonly frames: number;
}

/** A data set on a disk: its scenarios are known, a frame is read when asked for. */
export interface SceneData {
  readonly name: string;
  readonly scenarios: readonly Scenario[];
  readonly frameCount: number;
  /**
   * Reads one frame, right-handed metres and radians.
   * @param index from 0, through all scenarios
   * @throws InputError for an index beyond the data, or a file that is missing or damaged.
   */
  readFrame(index: number): Frame;
}

/** A data set of scenarios that hold what is needed to read each of their frames. */
export function sceneData<Source>(
  name: string,
  parts: readonly { readonly name: string; readonly frames: readonly Source[] }[],
  read: (source: Source, index: number, previous: Source | undefined, next: Source | undefined) => Frame,
): SceneData {
  const scenarios: Scenario[] = [];
  let frameCount = 0;
  for (const part of parts) {
    scenarios.push({ name: part.name, first: frameCount, frames: part.frames.length });
    frameCount += part.frames.length;
  }
  const readFrame = (index: number): Frame => {
    requireInteger(`${name}: frame`, index, 0, frameCount - 1);
    const at = scenarios.findLastIndex(({ first }) => first <= index);
    const { frames } = parts[at]!;
    const place = index - scenarios[at]!.first;
    return read(frames[place]!, index, frames[place - 1], frames[place + 1]);
  };
  return { name, scenarios, frameCount, readFrame };
}
