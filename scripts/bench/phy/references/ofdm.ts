import {
  complexAdd,
  complexMultiply,
  complexSubtract,
  fft,
  mean,
  meanPower,
  type Rng,
  standardError,
  wilsonInterval,
} from '../../../../lib/math/index.js';
import {
  type ConstellationKind,
  combPilots,
  constellation,
  dataOf,
  frequencyCovariance,
  gridSamples,
  kroneckerPilots,
  leastSquares,
  lmmseEstimator,
  ofdmDemodulate,
  ofdmModulate,
  placeOnGrid,
  type ResourceGrid,
  resourceGrid,
} from '../../../../lib/phy/index.js';
import { type Estimate, errorRateInterval, type Reference, within } from '../../reference.js';

/** Bit errors over AWGN, through the modulator, noise on the samples, and the demodulator. */
function overAwgn(rng: Rng, kind: ConstellationKind, order: number, snrDb: number, target: number): Estimate {
  const grid = resourceGrid({ fftSize: 96, symbols: 14, cpLength: 16, guards: [6, 5], dcNull: true });
  const points = constellation(kind, order);
  let [errors, bits] = [0, 0];
  while (errors < target) {
    const sent = Uint8Array.from(
      { length: grid.dataIndices.length * points.bitsPerSymbol },
      () => rng.uint32() & 1,
    );
    const samples = ofdmModulate(grid, placeOnGrid(grid, points.map(sent)));
    const noise = rng.fillComplexNormal(new Float64Array(2 * gridSamples(grid)), 10 ** (-snrDb / 10));
    const decided = points.decide(dataOf(grid, ofdmDemodulate(grid, complexAdd(samples, noise))));
    for (let bit = 0; bit < sent.length; bit++) if (decided[bit] !== sent[bit]) errors++;
    bits += sent.length;
  }
  return { value: errors / bits, ci95: wilsonInterval(errors, bits) };
}

/** Gains of random taps of the given powers at the delays 0, 1, ... samples, on a grid of one symbol. */
function drawGains(rng: Rng, grid: ResourceGrid, powers: readonly number[]): Float64Array {
  const taps = new Float64Array(2 * grid.fftSize);
  rng.fillComplexNormal(taps.subarray(0, 2 * powers.length));
  powers.forEach((power, tap) => {
    taps[2 * tap]! *= Math.sqrt(power);
    taps[2 * tap + 1]! *= Math.sqrt(power);
  });
  const spectrum = fft(taps);
  return Float64Array.from(
    Array.from(grid.bins).flatMap((bin) => Array.from(spectrum.subarray(2 * bin, 2 * bin + 2))),
  );
}

const estimateOf = (errors: Float64Array): Estimate => {
  const [value, reach] = [mean(errors), 1.96 * standardError(errors)];
  return { value, ci95: [value - reach, value + reach] };
};

function leastSquaresError(rng: Rng): Estimate {
  const pilots = combPilots({ symbols: [0], spacing: 2, energy: 2 });
  const grid = resourceGrid({ fftSize: 256, symbols: 1, cpLength: 0, pilots });
  const sent = placeOnGrid(grid, new Float32Array(2 * grid.dataIndices.length));
  const errors = Float64Array.from({ length: 3000 }, () => {
    const gains = drawGains(rng, grid, [0.6, 0.4]);
    const noise = rng.fillComplexNormal(new Float64Array(512), 0.2);
    const { indices, channel } = leastSquares(grid, complexAdd(complexMultiply(gains, sent), noise), 0.2);
    const exact = Float64Array.from(channel, (_, at) => gains[2 * indices[at >> 1]! + (at & 1)]!);
    return meanPower(complexSubtract(channel, exact));
  });
  return estimateOf(errors);
}

function lmmseError(rng: Rng): Estimate {
  const powers = [0.5, 0.25, 0.15, 0.1];
  const pilots = kroneckerPilots({ symbols: [0] });
  const grid = resourceGrid({ fftSize: 32, symbols: 1, cpLength: 4, guards: [2, 3], pilots });
  const sent = placeOnGrid(grid, new Float32Array(0));
  const frequency = frequencyCovariance(grid, powers, [0, 1 / 32, 2 / 32, 3 / 32], 1);
  const estimator = lmmseEstimator(grid, { frequency, noiseVariance: 0.2 });
  const errors = Float64Array.from({ length: 40_000 }, () => {
    const gains = drawGains(rng, grid, powers);
    const noise = rng.fillComplexNormal(new Float64Array(2 * grid.subcarriers), 0.2);
    const known = leastSquares(grid, complexAdd(complexMultiply(gains, sent), noise), 0.2);
    return meanPower(complexSubtract(estimator.estimate(known).channel, gains));
  });
  return estimateOf(errors);
}

/** Power beside the useful part of a lone path 24 samples late, of which the prefix covers 8. */
function latePathInterference(rng: Rng): Estimate {
  const grid = resourceGrid({ fftSize: 64, symbols: 14, cpLength: 8 });
  const qpsk = constellation('qam', 4);
  const errors = Float64Array.from({ length: 400 }, () => {
    const bits = Uint8Array.from({ length: 2 * grid.dataIndices.length }, () => rng.uint32() & 1);
    const resources = placeOnGrid(grid, qpsk.map(bits));
    const late = new Float64Array(2 * gridSamples(grid) + 48);
    late.set(ofdmModulate(grid, resources), 48);
    const received = ofdmDemodulate(grid, late);
    const gains = Float64Array.from(Array.from(grid.bins).flatMap((bin) => turn(-24 * bin, 64)));
    const useful = Float64Array.from({ length: received.length }, (_, at) => (48 / 64) * gains[at % 128]!);
    // The first symbol has no symbol before it that could leak in.
    return meanPower(complexSubtract(received, complexMultiply(useful, resources)).subarray(128));
  });
  return estimateOf(errors);
}

/** exp(2 pi i k / n). */
const turn = (k: number, n: number) => [Math.cos((2 * Math.PI * k) / n), Math.sin((2 * Math.PI * k) / n)];

/** OFDM, channel estimation, and the cyclic prefix. */
export const references: Reference[] = [
  {
    id: 'ofdm/awgn/qpsk/4',
    what: 'bit error rate of QPSK over OFDM (85 of 96 subcarriers, prefix 16) and AWGN, 4 dB a bit',
    source: 'single carriers: Q(sqrt(2 Eb/N0))',
    value: 1.2501e-2,
    allowed: errorRateInterval(1.2501e-2, 20_000),
    measure: (rng) => overAwgn(rng, 'qam', 4, 4 + 10 * Math.log10(2), 20_000),
  },
  {
    id: 'ofdm/awgn/16qam/10',
    what: 'bit error rate of 16-QAM over OFDM (85 of 96 subcarriers, prefix 16) and AWGN, 10 dB a bit',
    source: 'single carriers: Cho and Yoon 2002',
    value: 1.7542e-3,
    allowed: errorRateInterval(1.7542e-3, 4000),
    measure: (rng) => overAwgn(rng, 'qam', 16, 10 + 10 * Math.log10(4), 4000),
  },
  {
    id: 'ofdm/least-squares',
    what: 'mean square error of least squares at pilots of energy 2, N0 = 0.2',
    source: 'N0 / |p|^2',
    value: 0.1,
    allowed: within(0.1, 0.002),
    measure: leastSquaresError,
  },
  {
    id: 'ofdm/lmmse',
    what: 'mean square error of LMMSE, a pilot on each of 27 of 32 subcarriers, taps .5 .25 .15 .1, N0 = 0.2',
    source: 'tr(R - R (R + N0 I)^-1 R) / N, numpy 1.24.2 in double precision',
    value: 0.0283081392,
    allowed: within(0.0283081392, 0.02 * 0.0283081392),
    measure: lmmseError,
  },
  {
    id: 'ofdm/late-path',
    what: 'interference of a path of power 1, 16 samples later than the prefix, 64 subcarriers',
    source: 'power (1 - c^2) with c = 48/64 of the symbol inside the window',
    value: 1 - 0.75 ** 2,
    allowed: within(1 - 0.75 ** 2, 0.02 * (1 - 0.75 ** 2)),
    measure: latePathInterference,
  },
];
