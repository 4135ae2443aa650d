import {
  allValid,
  alwaysLineOfSight,
  initValidityNetwork,
  nearestRoom,
  type PathScores,
  pathScores,
  predictValidity,
  type SpatialCase,
  spatialCases,
  trainValidityNetwork,
} from 'semwave/isac';
import { percentile, Rng } from 'semwave/math';
import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import { spatialFigures } from './spatial-csi-figures.js';

/** Draws of the test rooms for an interval. */
const redraws = 500;

type Predictions = Record<string, boolean[][]>;

export default defineExperiment({
  id: 'isac/spatial-csi',
  title: 'Which paths a room leaves, foretold from its top view',
  paper:
    'Spatial channel prediction for digital radio twins; simulated rooms, image method of Allen and Berkley 1979',
  purpose:
    'precision, recall and power of foretold paths in rooms never seen, over the number of training rooms',
  params: {
    trainRooms: param.grid([10, 30, 100, 300, 1000], { unit: 'rooms', about: 'to learn from' }),
    testRooms: param.integer({ default: 400, min: 5, max: 10_000, about: 'never seen in training' }),
    linksPerRoom: param.integer({ default: 4, min: 1, max: 100, about: 'antenna pairs in each room' }),
    trainSteps: param.integer({ default: 5000, min: 10, max: 1_000_000, about: 'batches of 64 candidates' }),
  },
  presets: {
    quick: {
      cost: '2 minutes on two cores',
      trainRooms: [10, 30, 100, 300],
      testRooms: 80,
      trainSteps: 500,
    },
    paper: { cost: '30 minutes on two cores' },
  },

  async *measure({ trainRooms }, { config, rng, seed, signal, progress }): AsyncGenerator<NewRow> {
    const { testRooms, linksPerRoom, trainSteps } = config;
    // Not the point's own stream: every point meets the same test rooms, and more training rooms hold the fewer.
    const world = Rng.of(seed).fork('isac/spatial-csi');
    const training = spatialCases({ rooms: trainRooms, linksPerRoom }, world.fork('training')).flat();
    const rooms = spatialCases({ rooms: testRooms, linksPerRoom }, world.fork('test'));
    const cases = rooms.flat();
    const network = initValidityNetwork(rng.fork('network'));
    await trainValidityNetwork(network, training, {
      steps: trainSteps,
      rng: rng.fork('training'),
      stop: signal,
      onStep: ({ step }) => progress(step / trainSteps),
    });
    const predictions: Predictions = {
      network: await predictValidity(network, cases),
      'nearest training room': cases.map(nearestRoom(training)),
      'all valid': cases.map(allValid),
      'line of sight': cases.map(alwaysLineOfSight),
    };
    for (const [system, predicted] of Object.entries(predictions)) {
      const interval = f1Interval(rooms, predicted, rng.fork('redraws'));
      yield* rowsOf(system, pathScores(cases, predicted), interval);
    }
  },

  figures: (rows) => spatialFigures(rows),
});

/** 95 % bootstrap interval of F1 over rooms: links of one room are alike. */
function f1Interval(rooms: SpatialCase[][], predicted: boolean[][], rng: Rng): [number, number] {
  const links = rooms[0]!.length;
  const scores = Array.from({ length: redraws }, () => {
    const chosen = rooms.map(() => rng.integer(rooms.length));
    const cases = chosen.flatMap((room) => rooms[room]!);
    const guesses = chosen.flatMap((room) => predicted.slice(room * links, (room + 1) * links));
    return pathScores(cases, guesses).f1;
  });
  return [percentile(scores, 2.5), percentile(scores, 97.5)];
}

function* rowsOf(system: string, scores: PathScores, ci95: [number, number]): Generator<NewRow> {
  const shared = {
    system,
    rate: { value: scores.recall, unit: 'ratio', metric: 'recall: share of the paths that are foretold' },
    latency: {
      value: scores.delayRmseSec,
      unit: 's',
      metric: 'RMSE of the delay between paths there and foretold',
    },
  };
  const rows: [quantity: string, value: number, ci95?: [number, number]][] = [
    ['F1', scores.f1, ci95],
    ['precision', scores.precision],
    ['recall', scores.recall],
    ['power coverage', scores.coverage],
  ];
  for (const [quantity, value, interval] of rows)
    yield {
      ...shared,
      accuracy: { value, unit: 'ratio', metric: quantity, ...(interval && { ci95: interval }) },
      params: { quantity },
    };
}
