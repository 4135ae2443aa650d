import { disposeTree, type TrainOptions } from '../../../nn/index.js';
import type { SymbolMap } from '../features.js';
import { trainTemporalModel } from '../train-context.js';
import { type Bottleneck, bottleneckAt } from './bottleneck.js';
import { initBottleneck } from './start.js';
import { type BottleneckScene, type BottleneckTraining, trainBottleneck } from './train.js';

/** Bottlenecks of all levels, learned together. */
export interface LearnedBottleneck {
  /** One for each weight of a bit, in their order. */
  readonly levels: readonly Bottleneck[];
  /** Releases the weights. */
  dispose(): void;
}

/** Updates of a channel's temporal weights on what the encoder really sends. */
const LAST_STEPS = 400;

/**
 * An information bottleneck as R-ACP has it: an encoder of each camera's features, a temporal entropy model of what it sends and
 * a read-out of the ground learn together what is worth its bits. Where R-ACP trains a network for each weight of a bit, one
 * is trained for all, of which each level has gains and temporal weights of its own. At last the temporal weights learn once
 * more from rounded latents instead of noisy ones.
 * @throws InputError as `trainBottleneck`.
 */
export async function learnBottleneck(
  training: BottleneckTraining,
  watch: Pick<TrainOptions, 'onStep' | 'stop' | 'progress'> = {},
): Promise<LearnedBottleneck> {
  const { rng, bitWeights } = training;
  const params = initBottleneck(rng.fork('start'), bitWeights.length);
  const dispose = () => disposeTree(params);
  try {
    await trainBottleneck(params, { ...training, rng: rng.fork('train') }, watch);
    return {
      levels: bitWeights.map((_, level) =>
        finished(bottleneckAt(params, level, training.gain), level, training),
      ),
      dispose,
    };
  } catch (error) {
    dispose();
    throw error;
  }
}

/** Forecasts by what is really sent. */
function finished(first: Bottleneck, level: number, { rng, scenes }: BottleneckTraining): Bottleneck {
  const sequences = scenes.flatMap((scene) => sentOf(first, scene));
  const options = { rng: rng.fork('temporal').fork(level), steps: LAST_STEPS, start: first.model };
  return { ...first, model: trainTemporalModel(sequences, options) };
}

/** What the cameras of a scene send, camera by camera. */
export function sentOf(
  bottleneck: Bottleneck,
  { features }: Pick<BottleneckScene, 'features'>,
): SymbolMap[][] {
  const frames =
    features[0]?.map((_, frame) => bottleneck.encode(features.map((sequence) => sequence[frame]!))) ?? [];
  return features.map((_, camera) => frames.map((maps) => maps[camera]!));
}
