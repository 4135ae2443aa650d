import { requireChoice, requireRange } from '../../base/index.js';
import { standingCells } from '../detect/index.js';
import { byScore, rotatedNms } from '../evaluate/index.js';
import { boxesSection, encodeMessage, headerOf, pointsSection, withinBytes } from '../message/index.js';
import { advanced, boxFrom, heard, type VelocitySource, velocityOf } from '../share/index.js';
import type { AgentState, Detection, ReceivedMessage, SharingStrategy } from '../types.js';
import type { PillarDetector } from './detector.js';
import { gridAbout } from './grid.js';
import { type PillarPerception, pillarPerception } from './perception.js';
import { fromMap, inGroundFrame, type Standing, standingPoints } from './points.js';
import { withoutAgents } from './views.js';

export interface PillarSharingOptions {
  /** Boxes of a lower score are not sent, 0 to 1; 0.3 unless told otherwise. */
  readonly leastShared?: number;
  /** Boxes are left out, lowest score first, until the message is no longer; no limit unless told otherwise. */
  readonly maxBytes?: number;
  /** Where velocities come from that carry a box over its message's age, 4 bytes more a box; none unless told otherwise. */
  readonly motion?: VelocitySource;
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
      const others = heard(ego, messages).flatMap(({ message: { pose, clouds } }) =>
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
      const told = toldBoxes(ego, messages, options);
      return inOwnFrame(ego, standing, rotatedNms([...detections, ...told]));
    },
  };
}

/**
 * Practical Collaborative Perception ("lately", Dao et al. 2024): agents send the boxes they found (centre, sizes, heading,
 * score; the label is the message's, as all are cars), and each enters the ego's cloud as one more point that carries them.
 * With `motion` (`flow` is the paper's: the mean flow of the points in a box) its centre is first moved on by its velocity for
 * as long as the message is old.
 * @throws InputError for an option out of range.
 */
export function pillarLately(detector: PillarDetector, options: PillarSharingOptions = {}): SharingStrategy {
  const perceive = pillarPerception(detector);
  return {
    name: 'lately',
    share: boxSender(perceive, options),
    fuse(ego, messages) {
      const { standing } = perceive(ego);
      const boxes = rotatedNms(withoutAgents(toldBoxes(ego, messages, options), [ego.pose]));
      const input = { origin: gridAbout(ego.pose), clouds: [standing], boxes };
      return inOwnFrame(ego, standing, detector.find(input).detections);
    },
  };
}

function boxSender(
  perceive: (agent: AgentState) => PillarPerception,
  { leastShared = 0.3, motion = 'none', maxBytes = Number.POSITIVE_INFINITY }: PillarSharingOptions,
): SharingStrategy['share'] {
  requireRange('leastShared', leastShared, 0, 1);
  requireRange('maxBytes', maxBytes, 0, Number.POSITIVE_INFINITY);
  requireChoice('motion', motion, ['none', 'tracks', 'flow']);
  const withVelocity = velocityOf(motion);
  return (sender) => {
    const own = inGroundFrame(perceive(sender).detections, sender.pose);
    const moving =
      motion === 'none' ? own : withVelocity(sender, { ...standingCells(sender), detections: own });
    const shared = byScore(moving.filter(({ score }) => score >= leastShared));
    return withinBytes(maxBytes, shared, (some) =>
      encodeMessage(headerOf(sender), [boxesSection(some, motion !== 'none')]),
    );
  };
}

/** Boxes of all messages in the map frame, where they should be by now. */
function toldBoxes(
  ego: AgentState,
  messages: readonly ReceivedMessage[],
  { motion = 'none' }: PillarSharingOptions,
): Detection[] {
  return heard(ego, messages).flatMap(({ message: { pose, boxes }, ageSec }) => {
    const told = boxes.map((box) => boxFrom(pose, box));
    return motion === 'none' ? told : told.map((box) => advanced(box, ageSec));
  });
}

function inOwnFrame({ pose }: AgentState, { ground }: Standing, boxes: readonly Detection[]): Detection[] {
  return byScore(fromMap(boxes, ground, pose));
}
