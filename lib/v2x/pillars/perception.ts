import type { AgentState, Detection, PointCloud } from '../types.js';
import type { PillarDetections } from './boxes.js';
import type { PillarDetector } from './detector.js';
import type { FeatureMap } from './feature-map.js';
import { gridAbout } from './grid.js';
import { type Standing, standingPoints } from './points.js';

/** What an agent has before anyone tells it anything, boxes in the map frame. */
export interface PillarPerception {
  readonly standing: Standing;
  readonly detections: readonly Detection[];
}

/** The same with the features on the way. */
export interface FeaturePerception extends PillarPerception, PillarDetections {
  readonly detections: Detection[];
  readonly map: FeatureMap;
}

/** What agents see by themselves through a detector; a cloud is looked at once, however often it is asked for. */
export const pillarPerception = onceOfCloud((detector, agent): PillarPerception => {
  const standing = standingPoints(agent);
  const { detections } = detector.find({ origin: gridAbout(agent.pose), clouds: [standing] });
  return { standing, detections };
});

/** The same with features and confidence of each cell. */
export const featurePerception = onceOfCloud((detector, agent): FeaturePerception => {
  const standing = standingPoints(agent);
  const map = detector.features({ origin: gridAbout(agent.pose), clouds: [standing] });
  return { standing, map, ...detector.detect(map) };
});

function onceOfCloud<T>(look: (detector: PillarDetector, agent: AgentState) => T) {
  type Looked = { readonly pose: AgentState['pose']; readonly seen: T };
  const all = new WeakMap<PillarDetector, WeakMap<PointCloud, Looked>>();
  return (detector: PillarDetector): ((agent: AgentState) => T) => {
    const clouds = all.get(detector) ?? new WeakMap<PointCloud, Looked>();
    all.set(detector, clouds);
    return (agent) => {
      const known = clouds.get(agent.cloud);
      if (known?.pose === agent.pose) return known.seen;
      const seen = look(detector, agent);
      clouds.set(agent.cloud, { pose: agent.pose, seen });
      return seen;
    };
  };
}
