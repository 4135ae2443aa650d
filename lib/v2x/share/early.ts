import { requireChoice } from '../../base/index.js';
import { CELL_METERS, mergeCells, warpCells } from '../bev/index.js';
import { detectCells, looksDown, standingCells } from '../detect/index.js';
import { encodeMessage, headerOf, type PointFormat, pointsSection } from '../message/index.js';
import type { AgentState, SharingStrategy } from '../types.js';
import { perceive } from './perception.js';
import { found, heard } from './received.js';

/** Nearly single points, which fall into the ego's cells as if it had seen them. */
const FINE_METERS = 0.05;

/**
 * Early fusion: agents send their clouds, 16 bytes a point as float32 (7 in centimetres), and the ego looks at all points
 * together.
 * @throws InputError for an unknown format.
 */
export function earlySharing(format: PointFormat = 'float32'): SharingStrategy {
  requireChoice('format', format, ['float32', 'centimetres']);
  return {
    name: format === 'float32' ? 'early' : 'early, 7 bytes a point',
    share: (sender) => encodeMessage(headerOf(sender), [pointsSection(sender.cloud, format)]),
    fuse(ego, messages) {
      const own = perceive(ego);
      const others = heard(ego, messages).flatMap(({ message, from }) =>
        message.clouds.map((cloud) => {
          const sender: AgentState = { ...ego, truePose: message.pose, pose: message.pose, cloud };
          return warpCells(standingCells(sender, { cellMeters: FINE_METERS }).cells, from, CELL_METERS);
        }),
      );
      const all = [own.cells, ...others];
      const { detections } = detectCells(mergeCells(all), { fromAbove: all.some(looksDown) });
      return found(ego, own, detections);
    },
  };
}
