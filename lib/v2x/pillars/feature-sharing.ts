import { requireChoice, requireInteger, requireRange } from '../../base/index.js';
import { placed } from '../bev/index.js';
import { byScore, rotatedNms } from '../evaluate/index.js';
import { encodeMessage, headerOf } from '../message/index.js';
import { fittingBoxes, heard, type LatePart } from '../share/index.js';
import type { AgentState, Detection, SharingStrategy } from '../types.js';
import { cellAt, cellWorth, enoughPoints, mostWorth, widened } from './cell-choice.js';
import type { PillarDetector } from './detector.js';
import { type FeatureMessage, featureCellsWithin, featureSection, featuresOf } from './feature-bytes.js';
import { type Fusion, fusedByAttention, fusedByMaximum } from './fusion.js';
import { type Knowledge, knowledgeSection, readKnowledge } from './knowledge.js';
import { type FeaturePerception, featurePerception } from './perception.js';
import { fromMap, inGroundFrame } from './points.js';

const fusions: Record<'maximum' | 'attention', Fusion> = {
  maximum: fusedByMaximum,
  attention: fusedByAttention,
};

export interface FeatureSharingOptions {
  readonly name?: string;
  /** Cells of at least this worth are sent, 0 to 1; 0.05 unless told otherwise, 0 sends all. */
  readonly leastConfidence?: number;
  /** `maximum` unless told otherwise. */
  readonly fusion?: keyof typeof fusions;
  /**
   * What the ego asks with: its confidence of each cell, so that what it is sure of is worth less, or the cells it has points
   * enough of, which are not sent. Nothing unless told otherwise. What lies outside of its grid is not sent to who asked.
   */
  readonly request?: 'confidence' | 'points';
  /** Points of a cell of 2 m that are enough, 1 and above (4). */
  readonly enoughPoints?: number;
  /** Boxes go along with the features; none unless told otherwise. */
  readonly late?: LatePart;
  /** Most bytes of one message; no limit unless told otherwise. */
  readonly maxBytes?: number;
}

/** To know so little changes a cell's worth too little to be worth its bytes. */
const LEAST_TOLD = 0.2;
/** A request is not worth its bytes where messages are shorter than so many of it. */
const LEAST_GAIN = 4;

/**
 * Intermediate fusion: agents send the features of the cells where a car may be (as Where2comm, Hu et al. 2022, with the
 * confidence of the heads), 18 bytes a cell; the ego fuses them with its own, by the largest of each feature (F-Cooper, Chen
 * et al. 2019) or by attention over agents (OPV2V, Xu et al. 2022), and its heads read the result.
 * @throws InputError for an option out of range.
 */
export function pillarFeatures(
  detector: PillarDetector,
  options: FeatureSharingOptions = {},
): SharingStrategy {
  const { leastConfidence = 0.05, fusion = 'maximum', request, late } = options;
  const { enoughPoints: enough = 4, maxBytes = Number.POSITIVE_INFINITY } = options;
  requireRange('leastConfidence', leastConfidence, 0, 1);
  requireChoice('fusion', fusion, Object.keys(fusions));
  if (request) requireChoice('request', request, ['confidence', 'points']);
  requireInteger('enoughPoints', enough, 1);
  requireRange('maxBytes', maxBytes, 0, Number.POSITIVE_INFINITY);
  if (late) {
    requireRange('late.leastScore', late.leastScore, 0, 1);
    requireRange('late.trust', late.trust, 0, 1);
  }
  const perceive = featurePerception(detector);
  return {
    name: options.name ?? `features by ${fusion}, confidence ${leastConfidence}`,
    ...(request && {
      request(ego) {
        const section = knowledgeSection(knowledgeOf(perceive(ego), request, enough));
        return section.length <= maxBytes / LEAST_GAIN
          ? encodeMessage(headerOf(ego), [section])
          : new Uint8Array(0);
      },
    }),
    share(sender, asked) {
      const own = perceive(sender);
      const told = asked && request && readKnowledge(asked);
      const known = told && request === 'confidence' ? { ...told, values: widened(told.values) } : told;
      const cells = mostWorth(cellWorth(own, known), leastConfidence);
      return featureMessage(sender, own, cells, { maxBytes, ...(late && { late }) });
    },
    fuse(ego, messages) {
      const { map, standing } = perceive(ego);
      const told = heard(ego, messages).map(({ message }) => featuresOf(message));
      const maps = [map, ...told.flatMap((one) => one.map ?? [])];
      const { detections } = detector.detect(fusions[fusion](maps, map.origin));
      const boxes = late ? told.flatMap((one) => lateBoxes(one, late)) : [];
      const all = boxes.length > 0 ? rotatedNms([...detections, ...boxes]) : detections;
      return byScore(fromMap(all, standing.ground, ego.pose));
    },
  };
}

/**
 * Where2comm with its request (Hu et al. 2022) on learned features: of the cells of confidence C_i those are sent where
 * C_i (1 - C_ego) is high.
 * @throws InputError as `pillarFeatures`.
 */
export const pillarWhere2comm = (
  detector: PillarDetector,
  options: Omit<FeatureSharingOptions, 'request' | 'late'> = {},
): SharingStrategy =>
  pillarFeatures(detector, { name: 'Where2comm, features', ...options, request: 'confidence' });

/** As of CoSDH: where features of their place came too, boxes below this score are zeroed and others lose a tenth. */
const COSDH_LATE: LatePart = { leastScore: 0.3, trust: 0.9 };

/**
 * CoSDH (Xu et al. 2025) on learned features: a cell is sent where the sender supplies it, by its confidence, and the ego
 * demands it, having fewer points there than enough; the sender's boxes go first (the intermediate-late hybrid). Fused by
 * attention unless told otherwise: by the maximum features may say less than the boxes that they come with.
 * @throws InputError as `pillarFeatures`.
 */
export const pillarCosdh = (
  detector: PillarDetector,
  options: Omit<FeatureSharingOptions, 'request'> = {},
): SharingStrategy =>
  pillarFeatures(detector, {
    name: 'CoSDH, features',
    fusion: 'attention',
    late: COSDH_LATE,
    ...options,
    request: 'points',
  });

function knowledgeOf(
  { map: { origin }, standing, confidence }: FeaturePerception,
  request: 'confidence' | 'points',
  enough: number,
): Knowledge {
  if (request === 'points') return { origin, values: enoughPoints(origin, standing, enough) };
  return { origin, values: confidence.map((value) => (value >= LEAST_TOLD ? value : 0)) };
}

/** Boxes first, since each says more than a cell; then cells, as many as fit. */
function featureMessage(
  sender: AgentState,
  { map, detections }: FeaturePerception,
  cells: readonly number[],
  { maxBytes, late }: { maxBytes: number; late?: LatePart },
): Uint8Array {
  const header = headerOf(sender);
  const room = maxBytes - encodeMessage(header, []).length;
  const lengthOf = (parts: readonly Uint8Array[]) => parts.reduce((sum, part) => sum + part.length, 0);
  const boxesOf = (some: readonly Detection[]) => fittingBoxes(inGroundFrame(some, sender.pose), room);
  const left = room - lengthOf(late ? boxesOf(detections) : []);
  const fitting = Number.isFinite(left) ? cells.slice(0, featureCellsWithin(left)) : cells;
  const features = fitting.length > 0 ? [featureSection(map, fitting)] : [];
  const sent = new Set(fitting);
  const boxes = late
    ? boxesOf(detections.filter((box) => isOfUse(box, late, sent.has(cellAt(map.origin, box)))))
    : [];
  return boxes.length + features.length > 0
    ? encodeMessage(header, [...boxes, ...features])
    : new Uint8Array(0);
}

/** A doubtful box whose features came too was looked at anew. */
const isOfUse = ({ score }: Detection, { leastScore }: LatePart, fused: boolean) =>
  !fused || score >= leastScore;

/** Boxes of a message in the map frame, trusted less where their features came too. */
function lateBoxes({ message, map }: FeatureMessage, late: LatePart): Detection[] {
  return message.boxes.flatMap((own) => {
    const box = placed(message.pose, own);
    const fused = map?.known?.[cellAt(map.origin, box)] === 1;
    if (!isOfUse(box, late, fused)) return [];
    return [fused ? { ...box, score: late.trust * box.score } : box];
  });
}
