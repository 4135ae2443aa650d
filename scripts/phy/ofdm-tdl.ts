import { frequencyResponse, tdl, tdlTaps } from 'semwave/channel';
import {
  complexAdd,
  complexMultiply,
  complexSubtract,
  mean,
  meanPower,
  Rng,
  standardError,
} from 'semwave/math';
import {
  type Constellation,
  constellation,
  countBitErrors,
  dataOf,
  dmrsPilots,
  equaliseZeroForcing,
  frequencyCovariance,
  interpolate,
  type KnownChannel,
  type LdpcCode,
  ldpcCode,
  leastSquares,
  lmmseEstimator,
  monteCarlo,
  placeOnGrid,
  type ResourceGrid,
  randomBits,
  resourceGrid,
  type Trials,
  timeCovariance,
} from 'semwave/phy';
import { defineExperiment, type NewRow, param, type Row } from 'semwave/pipeline';
import { curve } from 'semwave/report';

const profiles = ['TDL-A', 'TDL-C'] as const;
const receivers = ['channel known', 'LMMSE', 'LS, linear', 'LS, nearest'] as const;
const lmmseTheory = 'LMMSE, theory';
/** NR's normal prefix: 144 samples of 2048. */
const prefixShare = 144 / 2048;

type Receiver = (typeof receivers)[number];
type Estimate = (received: Float64Array, gains: Float64Array) => KnownChannel;

/** A slot of 14 OFDM symbols over a tapped delay line, with its code and constellation. */
interface Slot {
  grid: ResourceGrid;
  points: Constellation;
  code: LdpcCode;
  noiseVariance: number;
  periodSec: number;
  /** Gains of so many slots on their resource elements. */
  draw(rng: Rng, slots: number): Float64Array[];
}

interface SlotSettings {
  subcarriers: number;
  spacingKhz: number;
  delaySpreadNs: number;
  dopplerHz: number;
  order: number;
  rate: number;
}

function makeSlot(profile: (typeof profiles)[number], snrDb: number, settings: SlotSettings): Slot {
  const { subcarriers, delaySpreadNs, dopplerHz, order } = settings;
  const subcarrierSpacingHz = settings.spacingKhz * 1e3;
  const periodSec = (1 + prefixShare) / subcarrierSpacingHz;
  const cpLength = Math.round(prefixShare * subcarriers);
  const pilots = dmrsPilots({ additionalPositions: 1 });
  const grid = resourceGrid({ fftSize: subcarriers, symbols: 14, cpLength, pilots });
  const points = constellation('qam', order);
  const n = grid.dataIndices.length * points.bitsPerSymbol;
  const model = tdl({ profile, delaySpreadSec: delaySpreadNs * 1e-9, dopplerHz });
  return {
    grid,
    points,
    code: ldpcCode({ k: Math.round(n * settings.rate), n, bitsPerSymbol: points.bitsPerSymbol }),
    noiseVariance: 10 ** (-snrDb / 10),
    periodSec,
    draw(rng, slots) {
      const responses = model.draw(rng, { links: slots, times: 14, periodSec });
      const gains = frequencyResponse(responses, { subcarriers, subcarrierSpacingHz, normalize: false });
      const each = gains.length / slots;
      return Array.from({ length: slots }, (_, slot) =>
        Float64Array.from(gains.subarray(slot * each, (slot + 1) * each)),
      );
    },
  };
}

/** LMMSE that knows delays, powers and the Doppler shift of the profile. */
function lmmseOf(slot: Slot, profile: (typeof profiles)[number], settings: SlotSettings) {
  const { powers, delaysSec } = tdlTaps(profile, settings.delaySpreadNs * 1e-9);
  return lmmseEstimator(slot.grid, {
    frequency: frequencyCovariance(slot.grid, powers, delaysSec, settings.spacingKhz * 1e3),
    time: timeCovariance(14, settings.dopplerHz, slot.periodSec),
    noiseVariance: slot.noiseVariance,
  });
}

function estimatorOf(receiver: Receiver, slot: Slot, lmmse: ReturnType<typeof lmmseOf>): Estimate {
  const { grid, noiseVariance } = slot;
  if (receiver === 'channel known') return (_, channel) => ({ channel });
  if (receiver === 'LMMSE') return (received) => lmmse.estimate(leastSquares(grid, received, noiseVariance));
  const method = receiver === 'LS, linear' ? 'linear' : 'nearest';
  return (received) => interpolate(grid, leastSquares(grid, received, noiseVariance), method);
}

const receive = (slot: Slot, gains: Float64Array, symbols: Float32Array, rng: Rng) =>
  complexAdd(
    complexMultiply(gains, placeOnGrid(slot.grid, symbols)),
    rng.fillComplexNormal(new Float64Array(gains.length), slot.noiseVariance),
  );

/** Slots of one code block each: bit errors before decoding, block errors after. */
function slots(slot: Slot, estimate: Estimate): Trials {
  const { grid, points, code, noiseVariance } = slot;
  return (rng, count) => {
    const counts = { bitErrors: 0, bitErrorsSquared: 0, blockErrors: 0 };
    for (const gains of slot.draw(rng, count)) {
      const bits = randomBits(rng, code.k);
      const sent = code.encode(bits);
      const received = receive(slot, gains, points.map(sent), rng);
      const equalised = equaliseZeroForcing(received, estimate(received, gains), noiseVariance);
      const llrs = points.demap(dataOf(grid, equalised.symbols), dataOf(grid, equalised.noiseVariance));
      const errors = countBitErrors(
        sent,
        Uint8Array.from(llrs, (llr) => Number(llr < 0)),
      );
      counts.bitErrors += errors;
      counts.bitErrorsSquared += errors * errors;
      counts.blockErrors += Number(countBitErrors(bits, code.decode(llrs).bits) > 0);
    }
    return counts;
  };
}

/** Mean |error|^2 of the estimates of some slots. */
function channelErrors(slot: Slot, estimate: Estimate, rng: Rng, count: number): Float64Array {
  const silence = new Float32Array(2 * slot.grid.dataIndices.length);
  return Float64Array.from(slot.draw(rng, count), (gains) =>
    meanPower(complexSubtract(estimate(receive(slot, gains, silence, rng), gains).channel, gains)),
  );
}

export default defineExperiment({
  id: 'phy/ofdm-tdl',
  title: 'Coded QAM over OFDM and tapped delay lines with estimated channels',
  paper: '3GPP TR 38.901 (TDL), TS 38.211 (reference signals); Edfors et al. 1998 (LMMSE)',
  purpose: 'bit and block error rates of OFDM over TDL-A and TDL-C: channel known, LS and LMMSE estimates',
  params: {
    profile: param.grid(profiles),
    receiver: param.grid(receivers, { about: 'how the channel becomes known' }),
    snrDb: param.grid({ unit: 'dB', from: 0, to: 30, step: 2, min: -20, max: 60, about: 'mean Es/N0' }),
    order: param.choice([4, 16, 64, 256], { default: 16, about: 'points of the QAM' }),
    rate: param.number({ default: 1 / 2, min: 0.1, max: 0.95, about: 'code rate of the NR LDPC code' }),
    subcarriers: param.integer({ default: 72, min: 12, max: 600, about: 'subcarriers, all used' }),
    spacingKhz: param.number({ default: 30, min: 1, max: 1000, unit: 'kHz', about: 'subcarrier spacing' }),
    delaySpreadNs: param.number({ default: 300, min: 0, max: 10_000, unit: 'ns', about: 'RMS delay spread' }),
    dopplerHz: param.number({
      default: 100,
      min: 0,
      max: 10_000,
      unit: 'Hz',
      about: 'largest Doppler shift',
    }),
    targetErrors: param.integer({ default: 200, min: 1, max: 1e9, about: 'block errors to count' }),
    maxSlots: param.integer({ default: 20_000, min: 1, max: 1e9, about: 'slots at most' }),
    errorSlots: param.integer({ default: 1000, min: 2, max: 1e6, about: 'slots for the channel error' }),
  },
  presets: {
    quick: {
      cost: '1 minute on two cores',
      snrDb: [4, 8, 12, 16, 20, 24],
      targetErrors: 50,
      maxSlots: 200,
      errorSlots: 50,
    },
    paper: { cost: '2 hours on two cores' },
  },

  async *measure({ profile, receiver, snrDb }, { config, seed, signal, progress }) {
    const slot = makeSlot(profile, snrDb, config);
    const lmmse = lmmseOf(slot, profile, config);
    const estimate = estimatorOf(receiver, slot, lmmse);
    // Not the point's own stream: all receivers meet the same bits, channels and noise.
    const rng = Rng.of(seed).fork('phy/ofdm-tdl').fork(profile).fork(snrDb);
    const result = await monteCarlo(slots(slot, estimate), {
      rng,
      stop: { counter: 'blockErrors', target: config.targetErrors, maxTrials: config.maxSlots },
      batchTrials: 20,
      signal,
      onProgress: progress,
    });
    const { code, grid } = slot;
    const row = (system: string, quantity: string, bits: number, accuracy: NewRow['accuracy']): NewRow => ({
      system,
      params: { quantity },
      rate: { value: bits / (14 * grid.subcarriers), unit: 'bit/resource element' },
      accuracy,
      latency: { value: 14 * slot.periodSec * 1e3, unit: 'ms', metric: 'air time of a slot' },
    });
    const { stopRule } = result;
    const bitErrorRate = result.rate('bitErrors', code.n, 'bitErrorsSquared');
    yield row(receiver, 'bits', code.n, {
      ...bitErrorRate,
      unit: 'ratio',
      metric: 'bit error rate before decoding',
      stopRule,
    });
    const blockErrorRate = result.rate('blockErrors');
    yield row(receiver, 'blocks', code.k, {
      ...blockErrorRate,
      unit: 'ratio',
      metric: 'block error rate',
      stopRule,
    });
    if (receiver === 'channel known') return;

    const errors = channelErrors(slot, estimate, rng.fork('channel error'), config.errorSlots);
    const [value, reach] = [mean(errors), 1.96 * standardError(errors)];
    const metric = { unit: 'ratio', metric: 'mean square error of the channel' };
    yield row(receiver, 'channel', code.k, { value, ci95: [value - reach, value + reach], ...metric });
    if (receiver === 'LMMSE') {
      yield row(lmmseTheory, 'channel', code.k, { value: mean(lmmse.errorVariance), ...metric });
    }
  },

  figures: (rows) => [
    figure(rows, 'blocks', {
      title: 'Block error rate with an LDPC code',
      caption:
        'One NR LDPC block a slot, layered min-sum, 20 iterations; 95 % intervals. Points with intervals wider than a factor of 4 are left out.',
      yTitle: 'block error rate (ratio)',
    }),
    figure(rows, 'bits', {
      title: 'Bit error rate before decoding',
      caption:
        'Hard decisions on the code bits of the same slots; 95 % intervals widened for fading that strikes whole slots.',
      yTitle: 'bit error rate (ratio)',
    }),
    figure(rows, 'channel', {
      title: 'Error of the channel estimates',
      caption:
        'Mean |error|^2 over all resource elements, the channel having mean power 1. Dashed: the closed form of LMMSE; interpolation ' +
        'meets a floor where the channel bends between pilots.',
      yTitle: 'mean square error (ratio)',
    }),
  ],
});

function figure(
  rows: readonly Row[],
  quantity: string,
  text: { title: string; caption: string; yTitle: string },
) {
  return curve(rows, {
    ...text,
    name: quantity,
    x: 'snrDb',
    y: 'accuracy',
    facet: 'profile',
    where: ({ params, accuracy }) =>
      params.quantity === quantity && (accuracy.ci95?.[0] ?? accuracy.value) > accuracy.value / 4,
    systems: receivers,
    theory: quantity === 'channel' ? { [lmmseTheory]: 'LMMSE' } : {},
    xTitle: 'SNR Es/N0 (dB)',
    logY: true,
  });
}
