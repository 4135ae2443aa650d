import { requireChoice, requireRange } from '../../base/index.js';
import { Rng } from '../../math/index.js';
import { placed, relativePlacement } from '../bev/index.js';
import { boxesSection, type Message } from '../message/index.js';
import type { AgentState, Detection, SharingStrategy } from '../types.js';
import { cellSharing, type Weighing } from './cells.js';
import { atCells, confidenceMap, MAP_CELLS } from './confidence.js';
import type { Perception } from './perception.js';

/** Where2comm's threshold. */
const LEAST_CONFIDENCE = 0.01;
/** What a cell is worth at least where any may be sent: next to nothing. */
const ANY = 1e-9;

/** By what cells are chosen. `random occupied` and `random` are for comparison. */
export type CellChoice = 'request' | 'confidence' | 'random' | 'random occupied';

export interface Where2commOptions {
  readonly name?: string;
  /** `request` unless told otherwise. */
  readonly choice?: CellChoice;
  /** Largest share of all cells of the map, empty ones included, that one sender sends: 0 to 1 (1). */
  readonly share?: number;
  /** Most bytes of one message; no limit unless told otherwise. */
  readonly maxBytes?: number;
  /** Cells of no higher confidence are not sent, 0 to 1 (0.01); at 0 all may be, best first, as with Where2comm's top-K rule. */
  readonly leastConfidence?: number;
}

/**
 * Where2comm (Hu et al. 2022): each sender sends the cells of highest confidence C_i, smoothed, and with `request` of highest
 * C_i (1 - C_ego): what it is sure of and the ego is not. The ego's confidence map consists of its boxes and their scores, so
 * its request is these. `random` draws cells of the whole map, most of which are empty and cost nothing; `random occupied`
 * draws among those that hold something.
 * @throws InputError for an option out of range.
 */
export function where2comm(options: Where2commOptions = {}): SharingStrategy {
  const { choice = 'request', share = 1, maxBytes, leastConfidence = LEAST_CONFIDENCE } = options;
  requireChoice('choice', choice, ['request', 'confidence', 'random', 'random occupied']);
  requireRange('share', share, 0, 1);
  requireRange('leastConfidence', leastConfidence, 0, 1);
  return cellSharing({
    name: options.name ?? (choice === 'request' ? 'Where2comm' : choice),
    worth: worths[choice]({ share, leastConfidence }),
    ...(choice === 'request' && { request: requestBoxes }),
    maxCells: Math.round(share * MAP_CELLS),
    ...(maxBytes !== undefined && { maxBytes }),
  });
}

/** Every cell that holds something, at once: what all choices are measured against. */
export const allCells = (): SharingStrategy =>
  cellSharing({ name: 'all cells', worth: ({ own }) => own.cells.points });

/** A box of a lower score changes the map too little to be worth its bytes. */
const LEAST_ASKED = 0.1;

/** The ego's confidence map, as the boxes it is drawn from. */
export const requestBoxes = (_: AgentState, { detections }: Perception) => [
  boxesSection(detections.filter(({ score }) => score >= LEAST_ASKED)),
];

/** The asking agent's boxes in the frame of whom it asked. */
export function askedBoxes({ own, asked }: Weighing): Detection[] {
  return asked ? boxesIn(own, asked) : [];
}

function boxesIn({ frame }: Perception, { pose, boxes }: Message): Detection[] {
  const from = relativePlacement(pose, frame);
  return boxes.map((box) => placed(from, box));
}

/** Smoothed confidence of the sender's cells; 0 where it is no more than the least. */
export const confidenceOf = ({ own }: Weighing, least = LEAST_CONFIDENCE): Float64Array =>
  atCells(own.confidence(), own.cells).map((value) => (value > least ? value : 0));

type Limits = Required<Pick<Where2commOptions, 'share' | 'leastConfidence'>>;

const worths: Record<CellChoice, (limits: Limits) => (weighing: Weighing) => Float64Array> = {
  confidence:
    ({ leastConfidence }) =>
    (weighing) =>
      orAny(confidenceOf(weighing, leastConfidence), leastConfidence),
  request:
    ({ leastConfidence }) =>
    (weighing) => {
      const known = atCells(confidenceMap(askedBoxes(weighing)), weighing.own.cells);
      const confidence = confidenceOf(weighing, leastConfidence);
      const wanted = confidence.map((value, cell) => value * Math.max(0, 1 - known[cell]!));
      return orAny(wanted, leastConfidence);
    },
  random:
    ({ share }) =>
    (weighing) =>
      luckOf(weighing).map((luck) => (luck < share ? 1 : 0)),
  'random occupied': () => luckOf,
};

const orAny = (worth: Float64Array, leastConfidence: number): Float64Array =>
  leastConfidence === 0 ? worth.map((value) => Math.max(ANY, value)) : worth;

/** A uniform number of each cell, by sender, time and place. */
function luckOf({ sender, own: { cells } }: Weighing): Float64Array {
  const stream = Rng.of('random cells').fork(sender.id).fork(sender.timeSec);
  return Float64Array.from({ length: cells.size }, () => 1 - stream.uniform());
}
