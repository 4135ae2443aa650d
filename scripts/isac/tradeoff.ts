import { frequencyResponse, tdl } from 'semwave/channel';
import {
  type Allocation,
  allocationOf,
  axisDeviation,
  echoNoise,
  type PilotUse,
  type PowerFrame,
  paretoFront,
  pilotTradeoff,
  type SensingGoal,
  singleSourceBound,
  timeShared,
  weightedBound,
} from 'semwave/isac';
import { mean, Rng, standardError } from 'semwave/math';
import { awgnCapacity, codedModulationRate, constellation } from 'semwave/phy';
import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import { tradeoffFigures } from './tradeoff-figures.js';
import { axes, dataTrial, frame, pilotPowers, shape, symbolsTrial, targetTrial } from './tradeoff-scenes.js';

const goals: Record<'range' | 'velocity', SensingGoal> = {
  range: { range: 1, velocity: 0 },
  velocity: { range: 0, velocity: 1 },
};
const limits = {
  'any power in an element': Number.POSITIVE_INFINITY,
  'at most 4 times the mean': 4,
};
const sizes = { QPSK: 4, '16-QAM': 16, '64-QAM': 64, '256-QAM': 256 };
const alphabets = [...(Object.keys(sizes) as (keyof typeof sizes)[]), 'Gaussian'] as const;

export default defineExperiment({
  id: 'isac/tradeoff',
  title: 'What a rate costs in range and velocity',
  paper:
    'Liu et al. 2022 (integrated sensing and communication); Xiong et al. 2023 (deterministic-random trade-off)',
  purpose: 'one OFDM frame for data and sensing: rate against errors of range and velocity, with the bounds',
  params: {
    linkSnrDb: param.number({ default: 10, min: -30, max: 60, unit: 'dB', about: 'mean of the data link' }),
    echoSnrDb: param.number({
      default: -10,
      min: -60,
      max: 60,
      unit: 'dB',
      about: 'of the echo in an element',
    }),
    points: param.integer({ default: 12, min: 3, max: 100, about: 'of each front' }),
    pathSnrDb: param.grid({ from: -8, to: 16, step: 2, min: -30, max: 60, unit: 'dB', about: 'bistatic' }),
    trials: param.integer({ default: 1000, min: 10, max: 1e6, about: 'frames at each point' }),
  },
  presets: {
    quick: {
      cost: '2 minutes on two cores',
      points: 8,
      trials: 120,
      pathSnrDb: [-8, -4, 0, 2, 4, 6, 8, 12, 16],
    },
    paper: { cost: '15 minutes on two cores' },
  },

  points: ({ pathSnrDb }) => [
    ...(['range', 'velocity'] as const).flatMap((goal) =>
      (Object.keys(limits) as (keyof typeof limits)[]).map(
        (limit) => ({ show: 'front', goal, limit }) as const,
      ),
    ),
    ...pathSnrDb.map((snrDb) => ({ show: 'bistatic', snrDb }) as const),
    ...alphabets.map((alphabet) => ({ show: 'symbols', alphabet }) as const),
    { show: 'pilots' } as const,
  ],

  async *measure(point, { config, seed }): AsyncGenerator<NewRow> {
    // Not the point's own stream: all points meet the same link, targets and noise.
    const rng = Rng.of(seed).fork('isac/tradeoff');
    if (point.show === 'front') yield* frontRows(goals[point.goal], limits[point.limit], config, rng);
    else if (point.show === 'pilots') yield* pilotRows(config);
    else if (point.show === 'bistatic') yield* bistaticRows(point.snrDb, config.trials, rng);
    else yield* symbolRows(point.alphabet, config.trials, rng);
  },

  figures: tradeoffFigures,
});

const latency = { value: frame.durationSec, unit: 's', metric: 'frame on air' };
const rateOf = (value: number) => ({ value, unit: 'bits/use', metric: 'mutual information' });

/** Root of a mean of squares, with its interval. */
function rooted(squares: readonly number[], dimension: number) {
  const [value, spread] = [mean(squares), 1.96 * standardError(squares)];
  return {
    value: Math.sqrt(value),
    unit: axes[dimension]!.unit,
    metric: 'RMSE of all frames',
    ci95: [Math.sqrt(Math.max(value / 100, value - spread)), Math.sqrt(value + spread)] as [number, number],
  };
}

const bounded = (variance: number, dimension: number) => ({
  value: axisDeviation(axes[dimension]!, 0, variance),
  unit: axes[dimension]!.unit,
  metric: 'bound of the RMSE',
});

/** A fading link that stands still during the frame: the mean of its gains is the SNR. */
function linkGains(snrDb: number, rng: Rng): Float64Array {
  const { subcarriers, spacingHz, symbolSec } = frame;
  const taps = tdl({ profile: 'TDL-C', delaySpreadSec: 300e-9 }).draw(rng, {
    links: 1,
    times: 1,
    periodSec: symbolSec,
  });
  const response = frequencyResponse(taps, { subcarriers, subcarrierSpacingHz: spacingHz, normalize: true });
  return Float64Array.from(
    { length: subcarriers },
    (_, k) => 10 ** (snrDb / 10) * (response[2 * k]! ** 2 + response[2 * k + 1]! ** 2),
  );
}

interface FrontConfig {
  linkSnrDb: number;
  echoSnrDb: number;
  points: number;
  trials: number;
}

function* frontRows(goal: SensingGoal, peak: number, config: FrontConfig, rng: Rng): Generator<NewRow> {
  const shared: PowerFrame = {
    gains: linkGains(config.linkSnrDb, rng.fork('link')),
    symbols: frame.symbols,
    peak,
  };
  const dimension = goal.range > 0 ? 0 : 1;
  const echoSnr = 10 ** (config.echoSnrDb / 10);
  const bound = (system: string, { rate, power }: Allocation): NewRow => ({
    system,
    rate: rateOf(rate),
    accuracy: bounded(weightedBound(power, shape, echoSnr)[dimension]!, dimension),
    latency,
  });
  const front = paretoFront(shared, goal, config.points);
  const [first, last] = [front[0]!, front.at(-1)!];
  for (const one of front) yield bound('best allocation, bound', one);
  yield bound('pure communication', first);
  yield bound('pure sensing', last);
  yield bound(
    'even power',
    allocationOf(
      shared,
      goal,
      first.power.map(() => 1),
    ),
  );
  if (dimension === 0)
    for (let symbols = 0; symbols <= frame.symbols; symbols += 4)
      yield bound('time sharing', timeShared(shared, goal, [first, last], symbols));
  for (const one of front) {
    const trials = Array.from({ length: config.trials }, (_, trial) =>
      targetTrial(one.power, 1 / echoSnr, rng.fork('front').fork(trial)),
    );
    for (const [system, key] of [
      ['measured, target tracked', 'tracked'],
      ['measured, target searched', 'searched'],
    ] as const) {
      const squares = trials.map((trial) => trial[key].squares[dimension]!);
      const resolved = mean(trials.map((trial) => Number(trial[key].resolved)));
      yield {
        system,
        rate: rateOf(one.rate),
        accuracy: rooted(squares, dimension),
        latency,
        params: { resolved },
      };
    }
  }
}

/** Closed forms: the echo as weak as with the fronts. */
function* pilotRows({ linkSnrDb, echoSnrDb }: FrontConfig): Generator<NewRow> {
  const [linkSnr, echoSnr] = [10 ** (linkSnrDb / 10), 10 ** (echoSnrDb / 10)];
  const names: Record<PilotUse, string> = {
    multiplexed: 'pilots beside data',
    superimposed: 'pilots below data',
    decoded: 'pilots, and data once decoded',
  };
  for (const [use, system] of Object.entries(names) as [PilotUse, string][]) {
    for (let step = 1; step <= 40; step++) {
      const share = step / 40;
      const { rate, known } = pilotTradeoff(use, { share, linkSnr, echoSnr });
      const variance = singleSourceBound({ shape, dimension: 0, snr: echoSnr * known });
      yield { system, rate: rateOf(rate), accuracy: bounded(variance, 0), latency, params: { share } };
    }
  }
}

function* bistaticRows(snrDb: number, trials: number, rng: Rng): Generator<NewRow> {
  const noiseVariance = 10 ** (-snrDb / 10);
  const runs = Array.from({ length: trials }, (_, trial) =>
    dataTrial(noiseVariance, rng.fork('bistatic').fork(trial)),
  );
  const lost = mean(runs.map(({ failed }) => Number(failed)));
  const rate = {
    value: mean(runs.map(({ failed, bits }) => (failed ? 0 : bits / (frame.subcarriers * frame.symbols)))),
    unit: 'bits/use',
    metric: 'delivered',
  };
  for (const [system, key] of [
    ['pilots only', 'pilots'],
    ['pilots and decoded data', 'decoded'],
    ['all symbols known', 'genie'],
  ] as const) {
    const squares = runs.map((one) => one[key][0]!);
    yield { system, rate, accuracy: rooted(squares, 0), latency, params: { lost } };
  }
  const all = pilotPowers.map(() => 1);
  for (const [system, powers] of [
    ['bound, pilots', pilotPowers],
    ['bound, all symbols', all],
  ] as const) {
    const accuracy = bounded(weightedBound(powers, shape, 1 / noiseVariance)[0]!, 0);
    yield { system, rate, accuracy, latency, params: { lost } };
  }
}

/** SNR of the data link at which alphabets are compared: high enough for 64 points. */
const RICH_SNR_DB = 20;
/** Power of the target looked for and of the strong one beside it, over the noise. */
const [WEAK, STRONG] = [0.1, 10];

function* symbolRows(alphabet: (typeof alphabets)[number], trials: number, rng: Rng): Generator<NewRow> {
  const symbols = alphabet === 'Gaussian' ? 'gaussian' : constellation('qam', sizes[alphabet]);
  const rate = rateOf(
    symbols === 'gaussian' ? awgnCapacity(RICH_SNR_DB) : codedModulationRate(symbols, RICH_SNR_DB),
  );
  const runs = Array.from({ length: trials }, (_, trial) =>
    symbolsTrial(symbols, { weak: WEAK, strong: STRONG }, rng.fork('symbols').fork(trial)),
  );
  for (const [system, key] of [
    ['divided', 'divide'],
    ['matched', 'matched'],
    ['strong echo subtracted', 'subtracted'],
  ] as const)
    yield {
      system,
      rate,
      accuracy: rooted(
        runs.map((one) => one[key][0]!),
        0,
      ),
      latency,
    };
  const bound = (noise: number) => bounded(singleSourceBound({ shape, dimension: 0, snr: WEAK / noise }), 0);
  yield { system: 'bound', rate, accuracy: bound(1), latency };
  for (const [system, method] of [
    ['divided, theory', 'divide'],
    ['matched, theory', 'matched'],
  ] as const) {
    const noise = echoNoise(method, symbols, { noiseVariance: 1, others: STRONG });
    if (Number.isFinite(noise)) yield { system, rate, accuracy: bound(noise), latency };
  }
}
