import { type BevCells, placed, relativePlacement } from '../bev/index.js';
import { detectCells, looksDown } from '../detect/index.js';
import { buckets } from '../geometry/index.js';
import type { Message } from '../message/index.js';
import type { Detection } from '../types.js';
import { boxFrom } from './received.js';
import { tracker } from './tracker.js';

const MARGIN_METERS = 0.3;
/** Whose names a receiver keeps: whoever makes up more is not remembered. */
const MOST_SENDERS = 64;

/**
 * What a receiver derives of motion in the cells of one sender, message by message: cars found in them, followed in the
 * world. @returns those cars in the sender's frame, with velocities
 */
export function receiverMotion(): (message: Message, cells: BevCells) => readonly Detection[] {
  const tracks = new Map<string, ReturnType<typeof tracker>>();
  return ({ sender, timeSec, pose }, cells) => {
    const track = tracks.get(sender) ?? tracker();
    if (tracks.size < MOST_SENDERS) tracks.set(sender, track);
    const back = relativePlacement({ x: 0, y: 0, yaw: 0 }, pose);
    const boxes = detectCells(cells, { fromAbove: looksDown(cells) }).detections.map((box) =>
      placed(pose, box),
    );
    return track(timeSec, boxes).map((box) => boxFrom(back, box));
  };
}

/**
 * Cells as they will be some seconds on: those within a moving box move with it, the others stay (the stored map is warped by
 * derived motion, rather than foretold; after Select2Drive).
 */
export function movedCells(cells: BevCells, boxes: readonly Detection[], seconds: number): BevCells {
  const [x, y] = [cells.x.slice(), cells.y.slice()];
  const longest = boxes.reduce((most, { length, width }) => Math.max(most, length + width), 0);
  const places = buckets<number>(longest + 2 * MARGIN_METERS);
  for (const [place, box] of boxes.entries()) places.add(box.x, box.y, place);
  for (let cell = 0; cell < cells.size; cell++) {
    const near = places
      .near(x[cell]!, y[cell]!)
      .filter((place) => covers(boxes[place]!, cells.x[cell]!, cells.y[cell]!));
    const [vx, vy] = boxes[Math.min(...near)]?.velocity ?? [0, 0];
    x[cell]! += seconds * vx;
    y[cell]! += seconds * vy;
  }
  return { ...cells, x, y };
}

/** Places of the cells that a box, a little larger, covers. */
export const cellsIn = (box: Detection, cells: BevCells): number[] =>
  Array.from({ length: cells.size }, (_, cell) => cell).filter((cell) =>
    covers(box, cells.x[cell]!, cells.y[cell]!),
  );

/** Whether a box, a little larger, covers a cell. */
export const anyCellIn = (box: Detection, cells: BevCells): boolean =>
  cells.x.some((x, cell) => covers(box, x, cells.y[cell]!));

function covers({ x, y, length, width, yaw }: Detection, px: number, py: number): boolean {
  const [c, s] = [Math.cos(yaw), Math.sin(yaw)];
  const [dx, dy] = [px - x, py - y];
  return (
    Math.abs(c * dx + s * dy) <= length / 2 + MARGIN_METERS &&
    Math.abs(c * dy - s * dx) <= width / 2 + MARGIN_METERS
  );
}
