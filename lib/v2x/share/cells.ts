import { requireRange } from '../../base/index.js';
import { type BevCells, mergeCells, warpCells } from '../bev/index.js';
import { detectCells, looksDown } from '../detect/index.js';
import { rotatedNms } from '../evaluate/index.js';
import {
  boxesSection,
  cellSections,
  cellsWithin,
  decodeMessage,
  encodeMessage,
  headerOf,
  type Message,
} from '../message/index.js';
import type { AgentState, Detection, SharingStrategy } from '../types.js';
import { requireBudget } from './budget.js';
import { anyCellIn, movedCells, receiverMotion } from './moved.js';
import { type Perception, perceive } from './perception.js';
import { boxFrom, found, type Heard, heard } from './received.js';

/** What a sender weighs its cells by. */
export interface Weighing {
  readonly sender: AgentState;
  readonly own: Perception;
  /** The ego's request, where one came. */
  readonly asked?: Message;
}

/** The late part of a hybrid: boxes that go along with the cells. */
export interface LatePart {
  /** Boxes of a lower score are not used. */
  readonly leastScore: number;
  /** What the scores of boxes are multiplied by whose cells came too, and were looked at anew. */
  readonly trust: number;
}

export interface CellSharing {
  readonly name: string;
  /** How much each cell is worth sending; 0 is not sent. */
  worth(weighing: Weighing): ArrayLike<number>;
  /** Sections of the ego's request, which is not sent without any; none unless told otherwise. */
  request?(ego: AgentState, own: Perception): readonly Uint8Array[];
  /** Most cells and bytes of a message; no limit unless told otherwise. */
  readonly maxCells?: number;
  readonly maxBytes?: number;
  readonly late?: LatePart;
  /** The ego carries what is old on to the present by the motion it derives from messages; not unless told otherwise. */
  readonly predict?: boolean;
}

/**
 * Intermediate fusion of cells: agents send the cells that are worth most, 12 bytes each, and the ego looks at its own and
 * theirs together, points added up and means weighted by them.
 * @throws InputError for a number out of range.
 */
export function cellSharing(options: CellSharing): SharingStrategy {
  const { late, predict = false, maxCells, maxBytes } = options;
  if (maxCells !== undefined) requireBudget('maxCells', maxCells);
  if (maxBytes !== undefined) requireBudget('maxBytes', maxBytes);
  if (late) requireRange('late.leastScore', late.leastScore, 0, 1);
  if (late) requireRange('late.trust', late.trust, 0, 1);
  const { request } = options;
  const motion = predict ? receiverMotion() : undefined;
  return {
    name: options.name,
    ...(request && {
      request(ego) {
        const sections = request(ego, perceive(ego));
        return sections.length > 0 ? encodeMessage(headerOf(ego), sections) : new Uint8Array(0);
      },
    }),
    share(sender, request) {
      const own = perceive(sender);
      const asked = request && decodeMessage(request);
      const worth = options.worth({ sender, own, ...(asked && { asked }) });
      return cellMessage(sender, own, worth, options);
    },
    fuse(ego, messages) {
      const own = perceive(ego);
      const all = heard(ego, messages);
      const cells = all.flatMap((one) => {
        const together = mergeCells(
          one.message.cells.filter((part) => part.cellMeters === own.cells.cellMeters),
        );
        const now = motion ? movedCells(together, motion(one.message, together), one.ageSec) : together;
        return [warpCells(now, one.from)];
      });
      const parts = [own.cells, ...cells];
      const { detections } = detectCells(mergeCells(parts), { fromAbove: parts.some(looksDown) });
      return found(ego, own, late ? rotatedNms([...detections, ...lateBoxes(all, late)]) : detections);
    },
  };
}

/** Boxes first, since each says more than a cell; then cells, worth most first, as many as fit. */
function cellMessage(
  sender: AgentState,
  { cells, detections }: Perception,
  worth: ArrayLike<number>,
  { late, maxCells = Number.POSITIVE_INFINITY, maxBytes = Number.POSITIVE_INFINITY }: CellSharing,
): Uint8Array {
  const header = headerOf(sender);
  const boxes = late ? detections.filter(({ score }) => score >= late.leastScore) : [];
  const bare = encodeMessage(header, []).length;
  const boxPart = late ? fittingBoxes(boxes, maxBytes - bare) : [];
  const room = maxBytes - bare - boxPart.reduce((sum, part) => sum + part.length, 0);
  const order = mostWorth(
    cells,
    worth,
    Math.min(maxCells, Number.isFinite(room) ? cellsWithin(room) : maxCells),
  );
  if (order.length === 0 && boxPart.length === 0) return new Uint8Array(0);
  return encodeMessage(header, [...boxPart, ...cellSections(cells, order)]);
}

/** A section of as many boxes as fit into so many bytes, the first ones; none where not even one does. */
export function fittingBoxes(boxes: readonly Detection[], room: number): Uint8Array[] {
  for (let count = boxes.length; count > 0; count--) {
    const section = boxesSection(boxes.slice(0, count));
    if (section.length <= room) return [section];
  }
  return [];
}

/** Places of the cells worth anything, most first; of equal ones the first in the cells' order. */
export function mostWorth(cells: BevCells, worth: ArrayLike<number>, most: number): number[] {
  const order: number[] = [];
  for (let cell = 0; cell < cells.size; cell++) if (worth[cell]! > 0) order.push(cell);
  order.sort((a, b) => worth[b]! - worth[a]! || a - b);
  return order.slice(0, Math.max(0, most));
}

function lateBoxes(all: readonly Heard[], { leastScore, trust }: LatePart): Detection[] {
  return all.flatMap(({ message: { boxes, cells }, from }) =>
    boxes
      .filter(({ score }) => score >= leastScore)
      .map((box) => {
        const fused = cells.some((part) => anyCellIn(box, part));
        return { ...boxFrom(from, box), score: fused ? trust * box.score : box.score };
      }),
  );
}
