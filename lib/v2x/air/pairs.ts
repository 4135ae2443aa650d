import {
  type FeatureMap,
  gridAbout,
  type PillarDetector,
  shiftedMap,
  trainingFrames,
} from '../pillars/index.js';

/** What one agent sends, and what the receiver has of its own on the sender's grid: features of 50 x 50 cells. */
export interface MapPair {
  readonly sent: Float32Array;
  readonly own: Float32Array;
}

/** Pairs to train on, by number. */
export interface MapPairs {
  readonly count: number;
  pair(index: number): MapPair;
}

/** Ordered pairs of the feature maps of all agents of the detector's own training frames, four a scene. */
export function mapPairs(scenes: number, detector: PillarDetector): MapPairs {
  const frames = trainingFrames(scenes);
  const ways: [sent: FeatureMap, own: FeatureMap][] = [];
  for (let index = 0; index < frames.count; index++) {
    const maps = frames
      .frame(index)
      .agents.map(({ pose, points }) => detector.features({ origin: gridAbout(pose), clouds: [points] }));
    for (const map of maps) for (const other of maps) if (other !== map) ways.push([map, other]);
  }
  return {
    count: ways.length,
    pair(index) {
      const [sent, own] = ways[index]!;
      return { sent: sent.values, own: shiftedMap(own, sent.origin).values };
    },
  };
}
