import { rotatedNms } from '../evaluate/index.js';
import type { Box, Detection } from '../types.js';
import { type GridOrigin, PILLARS } from './grid.js';
import { BOX_VALUES } from './network.js';

/** A usual car, which sizes and heights are learned about. */
const CAR = { length: 4.5, width: 1.9, height: 1.6 };
/** A layer's output may be anything; a box may not. */
const LARGEST_LOG_SIZE = 1.5;

/** The middle of a cell of the feature map in the map frame. */
export function cellMiddle(origin: GridOrigin, cell: number): { x: number; y: number } {
  const { featureCells, featureMeters, reachMeters } = PILLARS;
  return {
    x: origin.x - reachMeters + ((cell % featureCells) + 0.5) * featureMeters,
    y: origin.y - reachMeters + (Math.floor(cell / featureCells) + 0.5) * featureMeters,
  };
}

/** What the network should say of a box at a cell: centre from the cell's middle, height, sizes, twice the heading. */
export function boxTarget(origin: GridOrigin, cell: number, box: Box): number[] {
  const middle = cellMiddle(origin, cell);
  return [
    ...[box.x - middle.x, box.y - middle.y, box.z - CAR.height / 2],
    ...[
      Math.log(box.length / CAR.length),
      Math.log(box.width / CAR.width),
      Math.log(box.height / CAR.height),
    ],
    ...[Math.sin(2 * box.yaw), Math.cos(2 * box.yaw)],
  ];
}

/** The box that the network's values at a cell stand for; its heading is one of two opposite ones, -pi/2 to pi/2. */
export function boxAt(origin: GridOrigin, cell: number, values: ArrayLike<number>, at: number): Box {
  const middle = cellMiddle(origin, cell);
  const size = (place: number) =>
    Math.exp(Math.max(-LARGEST_LOG_SIZE, Math.min(LARGEST_LOG_SIZE, values[at + place]!)));
  return {
    x: middle.x + values[at]!,
    y: middle.y + values[at + 1]!,
    z: CAR.height / 2 + values[at + 2]!,
    length: CAR.length * size(3),
    width: CAR.width * size(4),
    height: CAR.height * size(5),
    yaw: Math.atan2(values[at + 6]!, values[at + 7]!) / 2,
  };
}

/** What the heads found on one map. */
export interface PillarDetections {
  /** In the map frame, score descending. */
  readonly detections: Detection[];
  /** Of each cell of the map, the probability that a car's centre is there, 0 to 1. */
  readonly confidence: Float32Array;
}

/** Boxes and confidence of a map's outputs, those of a score from `leastScore`, without overlaps. */
export function readOutputs(origin: GridOrigin, outputs: Float32Array, leastScore: number): PillarDetections {
  const stride = 1 + BOX_VALUES;
  const confidence = new Float32Array(outputs.length / stride);
  const found: Detection[] = [];
  for (let cell = 0; cell < confidence.length; cell++) {
    const score = 1 / (1 + Math.exp(-outputs[cell * stride]!));
    confidence[cell] = score;
    if (score >= leastScore) found.push({ ...boxAt(origin, cell, outputs, cell * stride + 1), score });
  }
  return { detections: rotatedNms(found), confidence };
}
