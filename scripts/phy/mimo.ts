import { mimoRayleigh } from 'semwave/channel';
import { complexMatrix, Rng } from 'semwave/math';
import {
  bitErrorRate,
  type Constellation,
  constellation,
  countBitErrors,
  kBest,
  lmmse,
  maximumLikelihood,
  monteCarlo,
  randomBits,
  type Trials,
  type VectorDetection,
  zeroForcing,
} from 'semwave/phy';
import { defineExperiment, param, type Row } from 'semwave/pipeline';
import { bars, curve } from 'semwave/report';

/** Receive antennas x streams. */
const arrays = ['2x2', '4x2', '4x4'] as const;
const detectors = ['ZF', 'LMMSE', 'K-best', 'ML'] as const;
const closedForm = 'ZF, closed form';
const tryAllUpTo = 4096;
const lowestShown = 1e-6;

const sizeOf = (antennas: string) => antennas.split('x').map(Number) as [receive: number, streams: number];
/** Es/N0 in dB. */
const snrOf = (ebN0Db: number, order: number) => ebN0Db + 10 * Math.log10(Math.log2(order));

/** Bits decided by a detector of one channel matrix. */
type Decide = (
  h: ReturnType<typeof complexMatrix>,
  received: Float64Array,
  noiseVariance: number,
) => Uint8Array;

function decider(name: (typeof detectors)[number], points: Constellation, k: number): Decide {
  const hard = (llrs: Float32Array) => Uint8Array.from(llrs, (llr) => (llr < 0 ? 1 : 0));
  const jointly =
    (detection: VectorDetection): Decide =>
    (h, received, noiseVariance) =>
      hard(detection(h, noiseVariance).detect(received).llrs);
  if (name === 'K-best') return jointly(kBest(points, { k, method: 'max-log' }));
  if (name === 'ML') return jointly(maximumLikelihood(points, { method: 'max-log' }));
  const detection = name === 'ZF' ? zeroForcing : lmmse;
  return (h, received, noiseVariance) =>
    points.decide(Float32Array.from(detection(h, noiseVariance).detect(received)));
}

/** Uses of a flat channel that fades anew each time; counts bit errors and times the detector by its fastest batch. */
function uses(
  points: Constellation,
  [receive, transmit]: readonly [number, number],
  snrDb: number,
  decide: Decide,
  clock: { leastMs: number },
): Trials {
  const width = transmit * points.bitsPerSymbol;
  const channel = mimoRayleigh({ snrDb, receive, transmit, fading: 'fast' });
  return (rng, count) => {
    const bits = randomBits(rng, count * width);
    const realisation = channel.sample(rng, { codewords: 1, uses: count });
    const gains = Float64Array.from(realisation.gains);
    const received = Float64Array.from(realisation.apply(points.map(bits)));
    const pairs = 2 * receive * transmit;
    let [bitErrors, bitErrorsSquared] = [0, 0];
    const started = performance.now();
    for (let use = 0; use < count; use++) {
      const h = complexMatrix(receive, transmit, gains.slice(use * pairs, (use + 1) * pairs));
      const y = received.slice(2 * use * receive, 2 * (use + 1) * receive);
      const decided = decide(h, y, realisation.noiseVariance);
      const errors = countBitErrors(decided, bits.subarray(use * width, (use + 1) * width));
      bitErrors += errors;
      bitErrorsSquared += errors * errors;
    }
    clock.leastMs = Math.min(clock.leastMs, (performance.now() - started) / count);
    return { bitErrors, bitErrorsSquared };
  };
}

export default defineExperiment({
  id: 'phy/mimo',
  title: 'Detection of several streams over Rayleigh fading',
  paper: 'Winters, Salz, Gitlin 1994 (zero forcing); Guo, Nilsson 2006 (K-best)',
  purpose: 'bit error rate and time of ZF, LMMSE, K-best and maximum likelihood beside the closed form',
  params: {
    antennas: param.grid(arrays, { about: 'receive antennas x streams' }),
    order: param.grid([4, 16], { about: 'points of the QAM' }),
    detector: param.grid(detectors),
    ebN0Db: param.grid({
      unit: 'dB',
      from: 0,
      to: 24,
      step: 2,
      min: -20,
      max: 60,
      about: 'Eb/N0 of a stream at one antenna',
    }),
    k: param.integer({ default: 4, min: 1, max: 65536, about: 'vectors that K-best keeps' }),
    targetErrors: param.integer({ default: 1000, min: 1, max: 1e9, about: 'bit errors to count' }),
    maxUses: param.integer({ default: 1_000_000, min: 1, max: 1e12, about: 'channel uses at most' }),
  },
  presets: {
    quick: {
      cost: '1 minute on two cores',
      order: [4],
      ebN0Db: [0, 2, 4, 6, 8, 10, 12, 14, 16],
      targetErrors: 200,
      maxUses: 20_000,
    },
    paper: { cost: '1 hour on two cores' },
  },

  points({ antennas, order, detector, ebN0Db }) {
    const feasible = (size: string, points: number, name: string) =>
      name !== 'ML' || points ** sizeOf(size)[1] <= tryAllUpTo;
    return antennas.flatMap((size) =>
      order.flatMap((points) =>
        detector
          .filter((name) => feasible(size, points, name))
          .flatMap((name) =>
            ebN0Db.map((db) => ({ antennas: size, order: points, detector: name, ebN0Db: db })),
          ),
      ),
    );
  },

  async *measure(point, { config, seed, signal, progress }) {
    const [receive, streams] = sizeOf(point.antennas);
    const points = constellation('qam', point.order);
    const snrDb = snrOf(point.ebN0Db, point.order);
    const clock = { leastMs: Number.POSITIVE_INFINITY };
    const decide = decider(point.detector, points, config.k);
    const result = await monteCarlo(uses(points, [receive, streams], snrDb, decide, clock), {
      // Not the point's own stream: all detectors meet the same bits, channels and noise.
      rng: Rng.of(seed).fork('phy/mimo').fork(point.antennas).fork(point.order).fork(point.ebN0Db),
      stop: { counter: 'bitErrors', target: config.targetErrors, maxTrials: config.maxUses },
      batchTrials: 500,
      signal,
      onProgress: progress,
    });
    const bitsPerUse = streams * points.bitsPerSymbol;
    const rate = result.rate('bitErrors', bitsPerUse, 'bitErrorsSquared');
    yield {
      system: point.detector,
      rate: { value: bitsPerUse, unit: 'bit/channel use' },
      accuracy: { ...rate, unit: 'ratio', metric: 'bit error rate', stopRule: result.stopRule },
      latency: { value: clock.leastMs, unit: 'ms', metric: 'detection of a channel use' },
    };
  },

  figures: (rows) => {
    const orders = [...new Set(rows.map(({ params }) => Number(params.order)))];
    return [...orders.map((order) => errorRates(rows, order)), ...times(rows)];
  },
});

function errorRates(rows: readonly Row[], order: number) {
  const systems = detectors.filter((name) => rows.some(({ system }) => system === name));
  const theory: Record<string, string> = systems.includes('ZF') ? { [closedForm]: 'ZF' } : {};
  return curve([...rows, ...rows.filter(({ system }) => system === 'ZF').map(zeroForcingTheory)], {
    name: `errors-${order}`,
    title: `Uncoded ${order}-QAM over i.i.d. Rayleigh fading`,
    caption:
      'Bit error rate by receive antennas x streams; 95 % intervals, points with wider ones than a factor of 4 left ' +
      'out. Dashed: the closed form of zero forcing, receive - streams + 1 antennas combined in the maximum ratio.',
    x: 'ebN0Db',
    y: 'accuracy',
    facet: 'antennas',
    where: (row) => row.params.order === order && isSettled(row),
    systems,
    theory,
    xTitle: 'Eb/N0 of a stream and antenna (dB)',
    yTitle: 'bit error rate (ratio)',
    logY: true,
  });
}

/** The closed form at the point of a measured row. */
function zeroForcingTheory(row: Row): Row {
  const { antennas, order, ebN0Db } = row.params;
  const [receive, streams] = sizeOf(String(antennas));
  const snrDb = snrOf(Number(ebN0Db), Number(order));
  const value = bitErrorRate('qam', Number(order), snrDb, receive - streams + 1);
  return { ...row, system: closedForm, accuracy: { value, unit: 'ratio', metric: 'bit error rate' } };
}

/** Whether enough errors were counted to show the rate: a few uses may hold all of them. */
const isSettled = ({ accuracy: { value, ci95 } }: Row) =>
  value > lowestShown && (ci95?.[0] ?? value) > value / 4;

/** What each detector costs, the median over the SNRs. */
function times(rows: readonly Row[]) {
  const largest = rows.filter(({ params }) => params.antennas === arrays[2]);
  if (largest.length === 0) return [];
  const order = Math.min(...largest.map(({ params }) => Number(params.order)));
  return [
    bars(largest, {
      name: 'time',
      title: `Time a channel use, ${arrays[2]}, ${order}-QAM`,
      caption:
        'Fastest batch of 500 uses, each with a channel matrix of its own, median over the SNRs; one thread of this machine.',
      where: ({ params }) => params.order === order,
      systems: detectors,
    }),
  ];
}
