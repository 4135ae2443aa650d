import { requireChoice } from '../../base/index.js';
import { rotatedNms } from '../evaluate/index.js';
import { boxesSection, encodeMessage, headerOf, withinBytes } from '../message/index.js';
import type { SharingStrategy } from '../types.js';
import { requireBudget } from './budget.js';
import { advanced, type VelocitySource, velocityOf } from './motion.js';
import { perceive } from './perception.js';
import { boxFrom, found, heard } from './received.js';

/** Nobody says anything: what the ego finds by itself. */
export function noSharing(): SharingStrategy {
  return {
    name: 'none',
    share: () => new Uint8Array(0),
    fuse(ego) {
      const own = perceive(ego);
      return found(ego, own, own.detections);
    },
  };
}

export interface LateOptions {
  readonly name?: string;
  /** Where velocities come from that carry a box over a message's age; none unless told otherwise. */
  readonly motion?: VelocitySource;
  /** Boxes are left out, lowest score first, until the message is no longer; no limit unless told otherwise. */
  readonly maxBytes?: number;
}

/**
 * Late fusion: agents send the boxes they found, 12 bytes each (16 with velocity), and non-maximum suppression joins them with
 * the ego's. With `motion`, boxes move at their velocity for as long as they were under way: the constant-velocity
 * compensation of DAIR-V2X's baseline, or by scene flow as of Practical Collaborative Perception (Dao et al. 2024).
 * @throws InputError for an option out of range.
 */
export function lateSharing(options: LateOptions = {}): SharingStrategy {
  const { motion = 'none', maxBytes = Number.POSITIVE_INFINITY } = options;
  requireChoice('motion', motion, ['none', 'tracks', 'flow']);
  requireBudget('maxBytes', maxBytes);
  const withVelocity = velocityOf(motion);
  const defaultName = motion === 'none' ? 'late' : `late, ${motion}`;
  return {
    name: options.name ?? defaultName,
    share(sender) {
      const boxes = withVelocity(sender, perceive(sender));
      return withinBytes(maxBytes, boxes, (some) =>
        encodeMessage(headerOf(sender), [boxesSection(some, motion !== 'none')]),
      );
    },
    fuse(ego, messages) {
      const own = perceive(ego);
      const others = heard(ego, messages).flatMap(({ message, from, ageSec }) =>
        message.boxes.map((box) =>
          motion === 'none' ? boxFrom(from, box) : advanced(boxFrom(from, box), ageSec),
        ),
      );
      return found(ego, own, rotatedNms([...own.detections, ...others]));
    },
  };
}
