import { requireChoice } from '../../base/index.js';
import { type BevCells, CELL_METERS, mergeCells, placed, warpCells } from '../bev/index.js';
import { detectCells, looksDown, standingCells } from '../detect/index.js';
import { encodeMessage, headerOf, type PointFormat, pointsSection } from '../message/index.js';
import type { AgentState, SharingStrategy } from '../types.js';
import { perceive } from './perception.js';
import { found, heard } from './received.js';
import { type PosePrior, registeredByBoxes, registeredByWalls, requirePrior } from './register.js';

/** Nearly single points, which fall into the ego's cells as if it had seen them. */
const FINE_METERS = 0.05;

export interface EarlyOptions {
  readonly name?: string;
  /** How wrong poses are thought to be: clouds are moved until walls lie on each other. They stay where they are unless told otherwise. */
  readonly register?: PosePrior;
}

/**
 * Early fusion: agents send their clouds, 16 bytes a point as float32 (7 in centimetres), and the ego looks at all points
 * together.
 * @throws InputError for an unknown format or a prior out of range.
 */
export function earlySharing(format: PointFormat = 'float32', options: EarlyOptions = {}): SharingStrategy {
  const { register } = options;
  if (register) requirePrior(register);
  requireChoice('format', format, ['float32', 'centimetres']);
  return {
    name: options.name ?? (format === 'float32' ? 'early' : 'early, 7 bytes a point'),
    share: (sender) => encodeMessage(headerOf(sender), [pointsSection(sender.cloud, format)]),
    fuse(ego, messages) {
      const own = perceive(ego);
      const others = heard(ego, messages).flatMap(({ message, from }) =>
        message.clouds.map((cloud) => {
          const sender: AgentState = { ...ego, truePose: message.pose, pose: message.pose, cloud };
          const { cells } = standingCells(sender, { cellMeters: FINE_METERS });
          if (!register) return warpCells(cells, from, CELL_METERS);
          const near = placed(
            registeredByBoxes(own.detections, boxesOf(warpCells(cells, from, CELL_METERS)), register),
            from,
          );
          const motion = registeredByWalls(own.cells, warpCells(cells, near), register);
          return warpCells(cells, placed(motion, near), CELL_METERS);
        }),
      );
      const all = [own.cells, ...others];
      const { detections } = detectCells(mergeCells(all), { fromAbove: all.some(looksDown) });
      return found(ego, own, detections);
    },
  };
}

const boxesOf = (cells: BevCells) => detectCells(cells, { fromAbove: looksDown(cells) }).detections;
