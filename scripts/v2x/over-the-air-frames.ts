import { InputError } from 'semwave/base';
import type { Rng } from 'semwave/math';
import {
  type AgentState,
  crossing,
  encodeHeader,
  type FeatureCoder,
  type FeatureMap,
  type Frame,
  featureMap,
  fromMap,
  fusedByMaximum,
  gridAbout,
  headerOf,
  type JudgedFrame,
  judgedFrame,
  PILLARS,
  type PillarDetector,
  type SharingStrategy,
  standingPoints,
  withinPillarRange,
  withoutAgents,
} from 'semwave/v2x';

/** A frame as the feature maps of its agents, the ego's first. */
export interface SeenFrame {
  readonly maps: readonly FeatureMap[];
  /** The agents that send: all but the ego. */
  readonly senders: readonly AgentState[];
  /** What the ego finds in its own map fused with others. */
  judge(others: readonly FeatureMap[]): JudgedFrame;
  /** What the ego finds with the messages of a strategy. */
  judgeBy(strategy: SharingStrategy, messages: readonly Uint8Array[]): JudgedFrame;
}

/** One of so many frames of a crossing is looked at, and how long it lasts at least. */
const EVERY = 3;
const LEAST_SECONDS = 6;

/** The frames of a crossing that are looked at, 0.3 s apart. */
export function framesOf(rng: Rng, count: number): Frame[] {
  const { frame } = crossing({ rng, seconds: Math.max(LEAST_SECONDS, (EVERY * count) / 10) });
  return Array.from({ length: count }, (_, n) => frame(EVERY * n));
}

/** Frames of simulated crossings, 0.3 s apart. */
export function seenFrames(detector: PillarDetector, scenes: readonly Rng[], perScene: number): SeenFrame[] {
  return scenes.flatMap((rng) => framesOf(rng, perScene).map((frame) => seen(detector, frame)));
}

/** Numbers of maps, so that what is fused of the same ones is fused once. */
function numbering(): (map: FeatureMap) => number {
  const numbers = new WeakMap<FeatureMap, number>();
  let next = 0;
  return (map) => {
    const number = numbers.get(map) ?? next++;
    numbers.set(map, number);
    return number;
  };
}
const numberOf = numbering();

function seen(detector: PillarDetector, frame: Frame): SeenFrame {
  const [ego] = frame.agents;
  if (!ego) throw new InputError(`frame ${frame.index} has no agent; allowed: 1 or more`);
  const standing = frame.agents.map(standingPoints);
  const maps = frame.agents.map(({ pose }, n) =>
    detector.features({ origin: gridAbout(pose), clouds: [standing[n]!] }),
  );
  const poses = frame.agents.map(({ pose }) => pose);
  const judged = new Map<string, JudgedFrame>();
  const judge = (others: readonly FeatureMap[]) => {
    const { detections } = detector.detect(fusedByMaximum([maps[0]!, ...others], maps[0]!.origin));
    const boxes = fromMap(withoutAgents(detections, poses), standing[0]!.ground, ego.pose);
    return withinPillarRange(judgedFrame(frame, boxes, ego), ego);
  };
  const senders = frame.agents.slice(1);
  return {
    ...{ maps, senders },
    judgeBy(strategy, messages) {
      const arrived = messages.map((bytes, n) => ({
        ...{ from: senders[n]!.id, bytes, arrivedSec: frame.timeSec },
      }));
      return withinPillarRange(judgedFrame(frame, strategy.fuse(ego, arrived), ego), ego);
    },
    judge(others) {
      const key = others.map(numberOf).join();
      const known = judged.get(key) ?? judge(others);
      judged.set(key, known);
      return known;
    },
  };
}

/** What all senders send, frame after frame. */
export const sentMaps = (frames: readonly SeenFrame[]): FeatureMap[] =>
  frames.flatMap(({ maps }) => maps.slice(1));

/** Judges all frames by what came of the sent maps, in the order of `sentMaps`. */
export function judgedAll(frames: readonly SeenFrame[], received: readonly FeatureMap[]): JudgedFrame[] {
  return judgedEach(frames, received, (frame, others) => frame.judge(others));
}

/** Judges all frames by what came of the senders' messages, frame after frame. */
export function judgedEach<S>(
  frames: readonly SeenFrame[],
  received: readonly S[],
  judge: (frame: SeenFrame, received: readonly S[]) => JudgedFrame,
): JudgedFrame[] {
  let at = 0;
  return frames.map((frame) => {
    const others = received.slice(at, at + frame.senders.length);
    at += frame.senders.length;
    return judge(frame, others);
  });
}

/** Bytes of what a message of features goes with: who says it, when, and where the sender's grid stands. */
export const headerBytes = (frames: readonly SeenFrame[]): number[] =>
  frames.flatMap(({ senders }) => senders.map((sender) => encodeHeader(headerOf(sender)).length));

/** What an agent that hears nothing has of another: features are never negative, so a maximum with it changes nothing. */
export const unheard = ({ origin }: FeatureMap): FeatureMap =>
  featureMap(origin, new Float32Array(PILLARS.featureCells ** 2 * PILLARS.channels));

/** A coder that codes and reads the same only once. */
export function remembering(coder: FeatureCoder): FeatureCoder {
  const messages = new WeakMap<FeatureMap, Map<number, Uint8Array>>();
  const maps = new Map<string, FeatureMap>();
  return {
    message(map, maxBytes) {
      const known = messages.get(map) ?? new Map<number, Uint8Array>();
      messages.set(map, known);
      const message = known.get(maxBytes) ?? coder.message(map, maxBytes);
      known.set(maxBytes, message);
      return message;
    },
    read(message, origin) {
      const key = `${origin.x} ${origin.y} ${message.join()}`;
      const map = maps.get(key) ?? coder.read(message, origin);
      maps.set(key, map);
      return map;
    },
  };
}
