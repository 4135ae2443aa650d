/** Overlap of boxes seen from above and average precision by both conventions. */
import {
  averagePrecision,
  bevIou,
  type Footprint,
  type JudgedFrame,
  meanCentreAveragePrecision,
  moda,
  type Sorting,
} from '../../../../lib/v2x/index.js';
import { type Reference, within } from '../../reference.js';

const at = (x: number, y: number, length: number, width: number, degrees: number): Footprint => ({
  x,
  y,
  length,
  width,
  yaw: (degrees * Math.PI) / 180,
});

function overlap(id: string, what: string, a: Footprint, b: Footprint, value: number): Reference {
  return {
    id: `evaluate/iou/${id}`,
    what: `intersection over union of ${what}`,
    source: 'elementary geometry',
    value,
    allowed: within(value, 1e-12),
    measure: () => ({ value: bevIou(a, b) }),
  };
}

const long = at(0, 0, 4, 2, 0);

const overlaps: Reference[] = [
  overlap('same', 'a 4 x 2 m box and itself', long, long, 1),
  overlap('crossed', 'a 4 x 2 m box and itself turned by 90 degrees', long, at(0, 0, 4, 2, 90), 1 / 3),
  overlap('along', 'a 4 x 2 m box and itself moved 1 m along', long, at(1, 0, 4, 2, 0), 0.6),
  overlap('across', 'a 4 x 2 m box and itself moved 1 m across', long, at(0, 1, 4, 2, 0), 1 / 3),
  overlap(
    'eighth',
    'a 2 m square and itself turned by 45 degrees',
    at(0, 0, 2, 2, 0),
    at(0, 0, 2, 2, 45),
    Math.SQRT1_2,
  ),
  overlap('flipped', 'a 4 x 2 m box and itself turned by 180 degrees', long, at(0, 0, 4, 2, 180), 1),
  {
    ...overlap(
      'turned',
      'two cars, moved and turned',
      at(0, 0, 1, 1, 0),
      at(0, 0, 1, 1, 0),
      0.419011269697539,
    ),
    source: 'shapely 2.2.0',
    measure: () => ({
      value: bevIou(
        { x: 0, y: 0, length: 4.5, width: 1.9, yaw: 0.3 },
        { x: 0.7, y: -0.4, length: 4.2, width: 1.8, yaw: 0.55 },
      ),
    }),
  },
];

const box = (x: number, score = 1) => ({
  x,
  y: 0,
  z: 0.75,
  length: 4.5,
  width: 1.9,
  height: 1.5,
  yaw: 0,
  score,
});

/** Truths 20 m apart; a hit lies on one of them, a false alarm 1 km away. */
function frame(found: readonly (readonly [score: number, hit: boolean])[], truths: number): JudgedFrame {
  let hits = 0;
  return {
    truths: Array.from({ length: truths }, (_, index) => box(20 * index)),
    detections: found.map(([score, hit]) => box(hit ? 20 * hits++ : 1000, score)),
  };
}

const frames = [
  frame(
    [
      [0.9, true],
      [0.3, false],
      [0.25, false],
    ],
    1,
  ),
  frame(
    [
      [0.95, true],
      [0.8, true],
      [0.7, true],
    ],
    4,
  ),
];

const sorted = (sorting: Sorting, value: number): Reference => ({
  id: `evaluate/ap/${sorting}`,
  what: `average precision of a worked example of two frames, detections sorted ${sorting === 'global' ? 'over all frames' : 'within each frame'}`,
  source: 'by hand from the all-point envelope (PASCAL VOC 2010)',
  value,
  allowed: within(value, 1e-12),
  measure: () => ({ value: averagePrecision(frames, { minIou: 0.5, sorting }) }),
});

export const references: Reference[] = [
  ...overlaps,
  sorted('frame', 0.6),
  sorted('global', 0.8),
  {
    id: 'evaluate/ap/centre',
    what: 'nuScenes average precision over 0.5, 1, 2, 4 m of one detection 0.8 m off its truth',
    source: 'by hand: right at three of four distances',
    value: 0.75,
    allowed: within(0.75, 1e-12),
    measure: () => ({ value: meanCentreAveragePrecision([{ truths: [box(0)], detections: [box(0.8)] }]) }),
  },
  {
    id: 'evaluate/moda',
    what: 'MODA at 0.5 m of four truths with one miss and one false alarm',
    source: 'by hand: 1 - (misses + false alarms) / truths (Kasturi et al. 2009)',
    value: 0.5,
    allowed: within(0.5, 1e-12),
    measure: () => ({
      value: moda([
        { truths: [0, 10, 20].map((x) => box(x)), detections: [0.1, 10.2, 30].map((x) => box(x)) },
        { truths: [box(5)], detections: [box(5)] },
      ]).moda,
    }),
  },
];
