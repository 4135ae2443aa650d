import * as tf from '@tensorflow/tfjs-core';
import { requireRange } from '../../base/index.js';
import { jit } from '../../engine/index.js';
import { Rng } from '../../math/index.js';
import { disposeTree, type WeightsSource, withWeights } from '../../nn/index.js';
import type { AgentState, Detection } from '../types.js';
import { type PillarDetections, readOutputs } from './boxes.js';
import { type FeatureMap, featureMap } from './feature-map.js';
import { gridAbout, PILLARS } from './grid.js';
import { detectPillars, encodePillars, initPillars, type PillarParameters } from './network.js';
import { type PillarInput, pillarsOf } from './pillars.js';
import { fromMap, standingPoints } from './points.js';

/** The pillar network at work. It needs an engine (`useEngine`); all calls answer at once. */
export interface PillarDetector {
  /** What one agent, or several merged, have on the grid: to be masked, sent, fused. */
  features(input: PillarInput): FeatureMap;
  /** What the heads read from a map, an agent's own or a fused one. */
  detect(map: FeatureMap): PillarDetections;
  /** Both at once. */
  find(input: PillarInput): PillarDetections;
  /** What an agent finds by itself, in its own frame, score descending. */
  detectAgent(agent: AgentState): Detection[];
  /** Releases the weights. */
  dispose(): void;
}

export interface PillarDetectorOptions {
  /** A file or its bytes; those that ship unless told otherwise. */
  readonly weights?: WeightsSource;
  /** Boxes of a lower score are left out, 0 to 1; 0.1 unless told otherwise. */
  readonly leastScore?: number;
}

/**
 * The network with its weights.
 * @throws InputError when the weights are not sound or not of this network, or for a score out of range.
 */
export function pillarDetector({ weights, leastScore = 0.1 }: PillarDetectorOptions = {}): PillarDetector {
  requireRange('leastScore', leastScore, 0, 1);
  return detectorOf(loadPillars(weights), leastScore);
}

/** Parameters of the network. @throws InputError when the file is not sound or not of this network. */
export function loadPillars(source?: WeightsSource): PillarParameters {
  return withWeights(initPillars(Rng.of(0)), source, 'pillars');
}

/** The network with given parameters, which `dispose` releases. */
export function detectorOf(params: PillarParameters, leastScore = 0.1): PillarDetector {
  const { featureCells, channels } = PILLARS;
  const encode = jit((values: tf.Tensor, sources: tf.Tensor) => encodePillars(params, values, sources));
  const heads = jit((map: tf.Tensor) => detectPillars(params, map));
  const whole = jit((values: tf.Tensor, sources: tf.Tensor) =>
    detectPillars(params, encodePillars(params, values, sources)),
  );
  const read = (result: tf.Tensor, inputs: readonly tf.Tensor[]): Float32Array => {
    // Some engines hand out their own memory, which the next call may overwrite.
    const values = (result.dataSync() as Float32Array).slice();
    tf.dispose([result, ...inputs]);
    return values;
  };
  const tensors = (input: PillarInput): [tf.Tensor, tf.Tensor] => {
    const { values, sources } = pillarsOf([input]);
    return [tf.tensor1d(values, 'float32'), tf.tensor1d(sources, 'int32')];
  };
  const detector: PillarDetector = {
    features(input) {
      const given = tensors(input);
      return featureMap(input.origin, read(encode(...given), given));
    },
    detect({ origin, values }) {
      const map = tf.tensor4d(values.slice(), [1, featureCells, featureCells, channels]);
      return readOutputs(origin, read(heads(map), [map]), leastScore);
    },
    find(input) {
      const given = tensors(input);
      return readOutputs(input.origin, read(whole(...given), given), leastScore);
    },
    detectAgent(agent) {
      const standing = standingPoints(agent);
      const { detections } = detector.find({ origin: gridAbout(agent.pose), clouds: [standing] });
      return fromMap(detections, standing.ground, agent.pose);
    },
    dispose: () => disposeTree(params),
  };
  return detector;
}
