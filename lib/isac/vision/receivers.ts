import { InputError, requireInteger, requireRange } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import type { VisionData } from './dataset.js';
import { fitAutoRegression, kalmanPredict } from './kalman.js';
import { correlations, drawPacket, isDelivered, overTaps } from './packet.js';
import { alignPhase, energy, gap, turned } from './phase.js';
import { leastSquaresTaps, pilotOf, pilotStatistic, withPilotPhase } from './pilot.js';
import { originTap, tapCount } from './scene.js';
import { coefficientReader, coefficients, tapSubspace, tapsFrom } from './subspace.js';

/** Frames that earlier estimates are old: 33, 100 and 500 ms at 30 frames a second. */
const ages = { 'previous, 33 ms old': 1, 'previous, 100 ms old': 3, 'previous, 500 ms old': 15 };
const kalmanAhead = 3;
/** Real coefficients that the Kalman filter follows. */
const components = 4;
/** Frames before the first one that counts: the oldest estimate needs them, the filter settles. */
const settling = 30;

/** What a way to know the channel came to. */
export interface EstimateQuality {
  system: string;
  /** Error energy over channel energy, over all frames; absent where taps are no estimate (`standard`). */
  error?: number;
  /** The same by stretch of `stretchFrames` frames, for intervals. */
  errorByStretch: number[];
  packets: number;
  /** Packets with a wrong symbol. */
  lost: number;
}

/** How to send. */
export interface LinkTrial {
  /** Mean received power over noise, per sample at 8 MHz; a symbol has 128 samples, 21 dB more. */
  snrDb: number;
  /** At most this many packets, spread over the frames of the test walk. */
  packets: number;
  /** Symbols of four bits after the preamble. */
  payloadSymbols: number;
}

/** Frames of a stretch: 5 s, in which the person crosses the room. */
const stretchFrames = 150;

/**
 * Sends packets on the frames of the test walk and receives each one with the taps of every system: none (`standard`), the
 * preamble's (by itself, or within the few directions in which the training taps vary), those of earlier packets (known without error), a Kalman filter's over earlier preambles, the training mean, the
 * network's, and the true ones (`genie`). All but the preamble and the genie take their common phase from the preamble.
 * @param predicted taps of the network by frame of the test walk
 * @throws InputError for numbers out of range or another number of predicted taps than test frames.
 */
export function compareReceivers(
  data: VisionData,
  predicted: readonly Float64Array[],
  trial: LinkTrial,
  rng: Rng,
): EstimateQuality[] {
  const { snrDb, packets, payloadSymbols } = trial;
  requireRange('snrDb', snrDb, -60, 80, 'dB');
  requireInteger('packets', packets, 1, 1_000_000);
  requireInteger('payloadSymbols', payloadSymbols, 1, 254);
  const { taps } = data.test;
  if (predicted.length !== taps.length)
    throw new InputError(`${predicted.length} predicted taps; allowed: ${taps.length}, one a test frame`);
  const meanEnergy = data.training.taps.reduce((sum, t) => sum + energy(t), 0) / data.training.taps.length;
  const noise = meanEnergy / 10 ** (snrDb / 10);
  const heard = hear(data, { noise, meanEnergy, payloadSymbols, rng });
  const estimates: Record<string, (frame: number) => Float64Array> = {
    preamble: (frame) => heard.preamble[frame]!,
    'preamble, 4 components': (frame) => heard.components[frame]!,
    ...Object.fromEntries(
      Object.entries(ages).map(([name, age]) => [name, (frame: number) => taps[frame - age]!]),
    ),
    'Kalman, 33 ms ahead': (frame) => heard.next[frame]!,
    'Kalman, 100 ms ahead': (frame) => heard.ahead[frame]!,
    'static mean': () => data.staticTaps,
    network: (frame) => predicted[frame]!,
  };
  const plain = new Float64Array(2 * tapCount);
  plain[2 * originTap] = 1;
  const receivers = { standard: () => plain, ...estimates, genie: (frame: number) => taps[frame]! };
  const lost = countLost(data, receivers, { ...trial, noise }, rng);
  return Object.entries(receivers).map(([system, of]) => ({
    system,
    ...(system in estimates ? errorsOf(taps, of) : { errorByStretch: [] }),
    ...lost[system]!,
  }));
}

function errorsOf(
  truth: readonly Float64Array[],
  of: (frame: number) => Float64Array,
): { error: number; errorByStretch: number[] } {
  const power = truth.reduce((sum, taps) => sum + energy(taps), 0) / truth.length;
  const errors = truth.slice(settling).map((taps, i) => gap(taps, of(settling + i)) / power);
  const errorByStretch: number[] = [];
  for (let from = 0; from + stretchFrames <= errors.length; from += stretchFrames)
    errorByStretch.push(meanOf(errors.slice(from, from + stretchFrames)));
  return { error: meanOf(errors), errorByStretch };
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

interface Heard {
  /** Least squares over all taps. */
  preamble: Float64Array[];
  /** Least squares over the principal components of the training taps. */
  components: Float64Array[];
  next: Float64Array[];
  ahead: Float64Array[];
}

/** What preambles alone tell: one a frame, by least squares, and a Kalman filter over them. */
function hear(
  { test, staticTaps, history }: VisionData,
  setup: { noise: number; meanEnergy: number; payloadSymbols: number; rng: Rng },
): Heard {
  const { noise, meanEnergy, rng } = setup;
  const pilot = pilotOf();
  const subspace = tapSubspace(history.taps, staticTaps, components);
  const reader = coefficientReader(pilot, subspace);
  const looks = subspace.directions.map(() => new Float64Array(test.taps.length));
  const { samples } = drawPacket(1, rng.fork('any'));
  const preamble = test.taps.map((taps, frame) => {
    const received = overTaps(samples, taps, noise, rng.fork('preamble').fork(frame));
    const statistic = pilotStatistic(pilot, received);
    const aligned = alignPhase(statistic, staticTaps);
    for (const [k, value] of reader.read(aligned).entries()) looks[k]![frame] = value;
    const prior = meanEnergy / tapCount;
    return alignPhase(leastSquaresTaps(pilot, statistic, { noise, prior }), staticTaps);
  });
  const past = history.taps.map((taps) => coefficients(subspace, taps));
  const guesses = looks.map((observed, k) => {
    const model = fitAutoRegression(Float64Array.from(past, (values) => values[k]!));
    return kalmanPredict(model, observed, { noise: noise * reader.variances[k]!, ahead: kalmanAhead });
  });
  const tapsOf = (series: readonly Float64Array[]) =>
    test.taps.map((_, frame) =>
      tapsFrom(
        subspace,
        Float64Array.from(series, (values) => values[frame]!),
      ),
    );
  return {
    preamble,
    components: tapsOf(looks),
    next: tapsOf(guesses.map(({ next }) => next)),
    ahead: tapsOf(guesses.map(({ ahead }) => ahead)),
  };
}

type Receivers = Record<string, (frame: number) => Float64Array>;

function countLost(
  { test }: VisionData,
  receivers: Receivers,
  { packets, payloadSymbols, noise }: LinkTrial & { noise: number },
  rng: Rng,
): Record<string, { packets: number; lost: number }> {
  const pilot = pilotOf();
  const frames = test.taps.length - settling;
  const count = Math.min(packets, frames);
  const lost = Object.fromEntries(Object.keys(receivers).map((name) => [name, { packets: count, lost: 0 }]));
  for (let sent = 0; sent < count; sent++) {
    const frame = settling + Math.floor((sent * frames) / count);
    const stream = rng.fork('packet').fork(frame);
    const packet = drawPacket(payloadSymbols, stream);
    // The oscillators leave a phase that no earlier packet knows.
    const angle = stream.uniform(0, 2 * Math.PI);
    const truth = turned(test.taps[frame]!, Math.cos(angle), Math.sin(angle));
    const received = overTaps(packet.samples, truth, noise, rng.fork('preamble').fork(frame));
    const statistic = pilotStatistic(pilot, received);
    const correlated = correlations(received, payloadSymbols);
    for (const [name, of] of Object.entries(receivers)) {
      const taps = name === 'genie' ? truth : withPilotPhase(statistic, of(frame));
      if (!isDelivered(correlated, taps, packet)) lost[name]!.lost++;
    }
  }
  return lost;
}
