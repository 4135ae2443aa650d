import { requireRange } from '../../base/index.js';
import { type BevCells, mergeCells, placed, selectCells, warpCells } from '../bev/index.js';
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
import { type PosePrior, registeredByBoxes, requirePrior } from './register.js';

/** What a sender weighs its cells by. */
export interface Weighing {
  readonly sender: AgentState;
  readonly own: Perception;
  /** The ego's request, where one came. */
  readonly asked?: Message;
}

/** The late part of a hybrid: boxes that go along with the cells. Those whose cells came too were looked at anew. */
export interface LatePart {
  /** Such boxes of a lower score are not used, nor sent. */
  readonly leastScore: number;
  /** What the scores of the other such boxes are multiplied by. */
  readonly trust: number;
}

export interface CellSharing {
  readonly name: string;
  /** How much each cell is worth sending; 0 is not sent. */
  worth(weighing: Weighing): ArrayLike<number>;
  /** Whether cells of equal worth go together or not at all; not unless told otherwise. */
  readonly whole?: boolean;
  /** Sections of the ego's request, which is not sent without any; none unless told otherwise. */
  request?(ego: AgentState, own: Perception): readonly Uint8Array[];
  /** Most cells and bytes of a message; no limit unless told otherwise. */
  readonly maxCells?: number;
  readonly maxBytes?: number;
  readonly late?: LatePart;
  /** The ego carries what is old on to the present by the motion it derives from messages; not unless told otherwise. */
  readonly predict?: boolean;
  /**
   * How wrong poses are thought to be: what another sends is moved until its boxes, sent or found in its cells, lie on the
   * ego's, as of one time. Not unless told otherwise.
   */
  readonly register?: PosePrior;
}

/**
 * Intermediate fusion of cells: agents send the cells that are worth most, 12 bytes each, and the ego looks at its own and
 * theirs together, points added up and means weighted by them.
 * @throws InputError for a number out of range.
 */
export function cellSharing(options: CellSharing): SharingStrategy {
  const { late, predict = false, maxCells, maxBytes, register } = options;
  if (register) requirePrior(register);
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
      const told = heard(ego, messages);
      const all = register ? told.map((one) => registered(own, one, register)) : told;
      const cells = all.flatMap((one) => {
        const together = cellsOf(one.message, own);
        const now = motion ? movedCells(together, motion(one.message, together), one.ageSec) : together;
        return [warpCells(now, one.from)];
      });
      const parts = [own.cells, ...cells];
      const { detections } = detectCells(mergeCells(parts), { fromAbove: parts.some(looksDown) });
      return found(ego, own, late ? rotatedNms([...detections, ...lateBoxes(all, late)]) : detections);
    },
  };
}

/** What was heard, from where its sender seems to have stood. */
function registered(own: Perception, one: Heard, prior: PosePrior): Heard {
  const { message, from } = one;
  const boxes = message.boxes.length > 0 ? message.boxes : boxesIn(cellsOf(message, own));
  const motion = registeredByBoxes(
    own.detections,
    boxes.map((box) => boxFrom(from, box)),
    prior,
  );
  return { ...one, from: placed(motion, from) };
}

/** A message's cells as one, as far as they are of the size of the ego's. */
const cellsOf = ({ cells }: Message, own: Perception): BevCells =>
  mergeCells(cells.filter(({ cellMeters }) => cellMeters === own.cells.cellMeters));

const boxesIn = (cells: BevCells) => detectCells(cells, { fromAbove: looksDown(cells) }).detections;

/** Boxes first, since each says more than a cell; then cells, worth most first, as many as fit. */
function cellMessage(
  sender: AgentState,
  { cells, detections }: Perception,
  worth: ArrayLike<number>,
  { late, whole, maxCells = Number.POSITIVE_INFINITY, maxBytes = Number.POSITIVE_INFINITY }: CellSharing,
): Uint8Array {
  const header = headerOf(sender);
  const bare = encodeMessage(header, []).length;
  const boxes = late ? firstWithin(detections, maxBytes - bare) : [];
  const room = maxBytes - bare - lengthOf(boxes);
  const most = Math.min(maxCells, Number.isFinite(room) ? cellsWithin(room) : maxCells);
  const order = mostWorth(cells, worth, most, whole);
  const boxPart = boxSections(late ? unsaid(boxes, selectCells(cells, among(order)), late) : []);
  if (order.length === 0 && boxPart.length === 0) return new Uint8Array(0);
  return encodeMessage(header, [...boxPart, ...cellSections(cells, order)]);
}

const boxSections = (boxes: readonly Detection[]) => (boxes.length > 0 ? [boxesSection(boxes)] : []);
const lengthOf = (boxes: readonly Detection[]) =>
  boxSections(boxes).reduce((sum, section) => sum + section.length, 0);

function among(order: readonly number[]): (cell: number) => boolean {
  const chosen = new Set(order);
  return (cell) => chosen.has(cell);
}

/** A section of as many boxes as fit into so many bytes, the first ones; none where not even one does. */
export const fittingBoxes = (boxes: readonly Detection[], room: number): Uint8Array[] =>
  boxSections(firstWithin(boxes, room));

function firstWithin(boxes: readonly Detection[], room: number): readonly Detection[] {
  let count = boxes.length;
  while (count > 0 && lengthOf(boxes.slice(0, count)) > room) count--;
  return boxes.slice(0, count);
}

/** Boxes that say more than the cells sent: a doubtful one beside its cells would not be used. */
const unsaid = (boxes: readonly Detection[], sent: BevCells, { leastScore }: LatePart) =>
  boxes.filter((box) => box.score >= leastScore || !anyCellIn(box, sent));

/**
 * Places of the cells worth anything, most first; of equal ones the first in the cells' order.
 * @param whole whether equal ones are taken together or not at all
 */
export function mostWorth(cells: BevCells, worth: ArrayLike<number>, most: number, whole = false): number[] {
  const order: number[] = [];
  for (let cell = 0; cell < cells.size; cell++) if (worth[cell]! > 0) order.push(cell);
  order.sort((a, b) => worth[b]! - worth[a]! || a - b);
  return whole ? wholeGroups(order, worth, most) : order.slice(0, Math.max(0, most));
}

function wholeGroups(order: readonly number[], worth: ArrayLike<number>, most: number): number[] {
  const taken: number[] = [];
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && worth[order[end]!] === worth[order[start]!]) end++;
    if (taken.length + end - start <= most) taken.push(...order.slice(start, end));
    start = end;
  }
  return taken;
}

function lateBoxes(all: readonly Heard[], { leastScore, trust }: LatePart): Detection[] {
  return all.flatMap(({ message: { boxes, cells }, from }) =>
    boxes.flatMap((box) => {
      const fused = cells.some((part) => anyCellIn(box, part));
      if (fused && box.score < leastScore) return [];
      return [{ ...boxFrom(from, box), score: fused ? trust * box.score : box.score }];
    }),
  );
}
