import { requireRange } from '../../base/index.js';
import { encodeMessage, headerOf } from '../message/index.js';
import type { AgentState, SharingStrategy } from '../types.js';
import type { PillarDetector } from './detector.js';
import { featureSection, readFeatures } from './feature-bytes.js';
import { type FeatureMap, featureGrid } from './feature-map.js';
import { fusedByMaximum } from './fusion.js';
import { gridAbout } from './grid.js';
import { fromMap, type Standing, standingPoints } from './points.js';

export interface FeatureSharingOptions {
  /** Cells about those of at least this confidence are sent, 0 to 1; 0.05 unless told otherwise, 0 sends all. */
  readonly leastConfidence?: number;
}

/**
 * Intermediate fusion: agents send the features of the cells where a car may be (as Where2comm, Hu et al. 2022, with the
 * confidence of the heads), 18 bytes a cell; the ego takes the largest of each feature (F-Cooper, Chen et al. 2019) and its
 * heads read the result.
 * @throws InputError for a confidence out of range.
 */
export function pillarFeatures(
  detector: PillarDetector,
  { leastConfidence = 0.05 }: FeatureSharingOptions = {},
): SharingStrategy {
  requireRange('leastConfidence', leastConfidence, 0, 1);
  const mapOf = (agent: AgentState): { standing: Standing; map: FeatureMap } => {
    const standing = standingPoints(agent);
    return { standing, map: detector.features({ origin: gridAbout(agent.pose), clouds: [standing] }) };
  };
  return {
    name: `features, confidence ${leastConfidence}`,
    share(sender) {
      const { map } = mapOf(sender);
      const { confidence } = detector.detect(map);
      return encodeMessage(headerOf(sender), [featureSection(map, cellsAbout(confidence, leastConfidence))]);
    },
    fuse(ego, messages) {
      const { standing, map } = mapOf(ego);
      const others = messages.flatMap(({ bytes }) => readFeatures(bytes)?.map ?? []);
      const { detections } = detector.detect(fusedByMaximum([map, ...others], map.origin));
      return fromMap(detections, standing.ground, ego.pose);
    },
  };
}

/** Cells of enough confidence and their neighbours, which the heads look at too; by the highest confidence about them. */
export function cellsAbout(confidence: Float32Array, least: number): number[] {
  const { columns, rows } = featureGrid;
  const best = new Map<number, number>();
  for (const [cell, value] of confidence.entries()) {
    if (value < least) continue;
    const [column, row] = [cell % columns, Math.floor(cell / columns)];
    for (let j = Math.max(0, row - 1); j <= Math.min(rows - 1, row + 1); j++)
      for (let i = Math.max(0, column - 1); i <= Math.min(columns - 1, column + 1); i++) {
        const near = j * columns + i;
        best.set(near, Math.max(best.get(near) ?? 0, value));
      }
  }
  return [...best.keys()].sort((a, b) => best.get(b)! - best.get(a)! || a - b);
}
