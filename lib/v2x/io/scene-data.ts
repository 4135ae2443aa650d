import { InputError, requireInteger } from '../../base/index.js';
import type { AgentState, Frame } from '../types.js';

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

/** Points of all clouds of a frame together: 128 MiB. */
const MAX_POINTS = 2 ** 23;

/**
 * Passes on the agents of one frame, one by one, as long as their clouds are not too many points together: a few large files
 * may be named by many agents.
 */
export function pointLimit(name: string): (agent: AgentState) => AgentState {
  let points = 0;
  return (agent) => {
    points += agent.cloud.count;
    if (points <= MAX_POINTS) return agent;
    throw new InputError(`${name}: over ${MAX_POINTS} points of all agents in one frame`);
  };
}

/** The names that an option keeps; undefined keeps all. @throws InputError for anything but a list of texts. */
export function keptNames(option: string, names: Iterable<string> | undefined): Set<string> | undefined {
  if (names === undefined) return undefined;
  if (typeof names === 'object' && names !== null && Symbol.iterator in names) {
    const kept = new Set(names);
    if ([...kept].every((name) => typeof name === 'string')) return kept;
  }
  throw new InputError(`${option} is no list of names; allowed: texts in an array or a set`);
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
