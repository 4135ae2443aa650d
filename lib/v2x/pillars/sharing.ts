import { requireRange } from '../../base/index.js';
import { placed, relativePlacement } from '../bev/index.js';
import { byScore, rotatedNms } from '../evaluate/index.js';
import {
  boxesSection,
  decodeMessage,
  encodeMessage,
  headerOf,
  type Message,
  pointsSection,
  withinBytes,
} from '../message/index.js';
import type { AgentState, Detection, PointCloud, ReceivedMessage, SharingStrategy } from '../types.js';
import type { PillarDetector } from './detector.js';
import { gridAbout } from './grid.js';
import { fromMap, type Standing, standingPoints } from './points.js';
import { withoutAgents } from './views.js';

/** What an agent has before anyone tells it anything, boxes in the map frame. */
export interface PillarPerception {
  readonly standing: Standing;
  readonly detections: readonly Detection[];
}

type Looked = PillarPerception & { readonly pose: AgentState['pose'] };
const looked = new WeakMap<PillarDetector, WeakMap<PointCloud, Looked>>();

/** What agents see by themselves through a detector; a cloud is looked at once, however often it is asked for. */
export function pillarPerception(detector: PillarDetector): (agent: AgentState) => PillarPerception {
  const seen = looked.get(detector) ?? new WeakMap<PointCloud, Looked>();
  looked.set(detector, seen);
  return (agent) => {
    const known = seen.get(agent.cloud);
    if (known?.pose === agent.pose) return known;
    const standing = standingPoints(agent);
    const { detections } = detector.find({ origin: gridAbout(agent.pose), clouds: [standing] });
    const own = { standing, detections, pose: agent.pose };
    seen.set(agent.cloud, own);
    return own;
  };
}

export interface PillarSharingOptions {
  /** Boxes of a lower score are not sent, 0 to 1; 0.3 unless told otherwise. */
  readonly leastShared?: number;
  /** Boxes are left out, lowest score first, until the message is no longer; no limit unless told otherwise. */
  readonly maxBytes?: number;
}

/** Nobody says anything: what the network finds in the ego's cloud. */
export function pillarAlone(detector: PillarDetector): SharingStrategy {
  const perceive = pillarPerception(detector);
  return {
    name: 'none, pillars',
    share: () => new Uint8Array(0),
    fuse: (ego) => inOwnFrame(ego, perceive(ego).standing, perceive(ego).detections),
  };
}

/** Early fusion: whole clouds, 16 bytes a point, and the network looks at all of them together. */
export function pillarEarly(detector: PillarDetector): SharingStrategy {
  const perceive = pillarPerception(detector);
  return {
    name: 'early, pillars',
    share: (sender) => encodeMessage(headerOf(sender), [pointsSection(sender.cloud, 'float32')]),
    fuse(ego, messages) {
      const { standing } = perceive(ego);
      const others = heard(messages).flatMap(({ pose, clouds }) =>
        clouds.map((cloud) => standingPoints({ cloud, pose })),
      );
      const input = { origin: gridAbout(ego.pose), clouds: [standing, ...others] };
      return inOwnFrame(ego, standing, detector.find(input).detections);
    },
  };
}

/** Late fusion: boxes of the network, 12 bytes each, joined with the ego's by non-maximum suppression. */
export function pillarLate(detector: PillarDetector, options: PillarSharingOptions = {}): SharingStrategy {
  const perceive = pillarPerception(detector);
  return {
    name: 'late, pillars',
    share: boxSender(perceive, options),
    fuse(ego, messages) {
      const { standing, detections } = perceive(ego);
      return inOwnFrame(ego, standing, rotatedNms([...detections, ...toldBoxes(messages)]));
    },
  };
}

/**
 * Practical Collaborative Perception ("lately", Dao et al. 2024): agents send the boxes they found (centre, sizes, heading,
 * score; the label is the message's, as all are cars), and each enters the ego's cloud as one more point that carries them.
 */
export function pillarLately(detector: PillarDetector, options: PillarSharingOptions = {}): SharingStrategy {
  const perceive = pillarPerception(detector);
  return {
    name: 'lately',
    share: boxSender(perceive, options),
    fuse(ego, messages) {
      const { standing } = perceive(ego);
      const boxes = rotatedNms(withoutAgents(toldBoxes(messages), [ego.pose]));
      const input = { origin: gridAbout(ego.pose), clouds: [standing], boxes };
      return inOwnFrame(ego, standing, detector.find(input).detections);
    },
  };
}

function boxSender(
  perceive: (agent: AgentState) => PillarPerception,
  { leastShared = 0.3, maxBytes = Number.POSITIVE_INFINITY }: PillarSharingOptions,
): SharingStrategy['share'] {
  requireRange('leastShared', leastShared, 0, 1);
  requireRange('maxBytes', maxBytes, 0, Number.POSITIVE_INFINITY);
  return (sender) => {
    const boxes = perceive(sender).detections.filter(({ score }) => score >= leastShared);
    const back = relativePlacement({ x: 0, y: 0, yaw: 0 }, sender.pose);
    const own = byScore(boxes).map((box) => placed(back, box));
    return withinBytes(maxBytes, own, (some) => encodeMessage(headerOf(sender), [boxesSection(some)]));
  };
}

/** Boxes of all messages in the map frame. */
function toldBoxes(messages: readonly ReceivedMessage[]): Detection[] {
  return heard(messages).flatMap(({ pose, boxes }) => boxes.map((box) => placed(pose, box)));
}

function heard(messages: readonly ReceivedMessage[]): Message[] {
  return messages.flatMap(({ bytes }) => decodeMessage(bytes) ?? []);
}

function inOwnFrame({ pose }: AgentState, { ground }: Standing, boxes: readonly Detection[]): Detection[] {
  return byScore(fromMap(boxes, ground, pose));
}
