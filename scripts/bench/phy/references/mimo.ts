import {
  complexAdd,
  complexMatrix,
  matrixMultiply,
  mean,
  qFunction,
  type Rng,
  standardError,
  wilsonInterval,
} from '../../../../lib/math/index.js';
import {
  alamoutiCombine,
  alamoutiEncode,
  type Constellation,
  constellation,
  kBest,
  type LinearDetection,
  ldpcCode,
  lmmse,
  maximumLikelihood,
  maximumRatioCombining,
  zeroForcing,
} from '../../../../lib/phy/index.js';
import { type Estimate, errorRateInterval, type Reference, within } from '../../reference.js';

const qpsk = constellation('qam', 4);
const qam16 = constellation('qam', 16);
/** N0 of QPSK symbols of energy 1 at 10 dB a bit. */
const perBit10Db = 1 / 20;
const proakis =
  'mean of Q(sqrt(2 g)) over g chi-square of 2 L degrees (Proakis, Digital Communications, ch. 14)';

/** A use of y = H x + n over i.i.d. Rayleigh fading. */
function drawUse(rng: Rng, points: Constellation, receive: number, streams: number, noiseVariance: number) {
  const bits = Uint8Array.from({ length: streams * points.bitsPerSymbol }, () => rng.uint32() & 1);
  const h = complexMatrix(receive, streams, rng.fillComplexNormal(new Float64Array(2 * receive * streams)));
  return { h, bits, received: overChannel(rng, h, Float64Array.from(points.map(bits)), noiseVariance) };
}

function overChannel(
  rng: Rng,
  h: ReturnType<typeof complexMatrix>,
  sent: Float64Array,
  noiseVariance: number,
) {
  const clean = matrixMultiply(h, complexMatrix(h.columns, 1, sent)).data;
  return complexAdd(clean, rng.fillComplexNormal(new Float64Array(2 * h.rows), noiseVariance));
}

const counted = (errors: number, trials: number): Estimate => ({
  value: errors / trials,
  ci95: wilsonInterval(errors, trials),
});

/** Counts bit errors of a linear detector with QPSK until there are enough. */
function qpskErrorRate(
  rng: Rng,
  detection: LinearDetection,
  size: [number, number],
  target: number,
): Estimate {
  let [errors, bits] = [0, 0];
  while (errors < target) {
    const use = drawUse(rng, qpsk, ...size, perBit10Db);
    const decided = qpsk.decide(Float32Array.from(detection(use.h, perBit10Db).detect(use.received)));
    for (let bit = 0; bit < decided.length; bit++) if (decided[bit] !== use.bits[bit]) errors++;
    bits += decided.length;
  }
  return counted(errors, bits);
}

/** The mean of Q over drawn channels: for rates too small to count. */
function meanErrorRate(
  rng: Rng,
  detection: LinearDetection,
  size: [number, number],
  draws: number,
): Estimate {
  const rates = Float64Array.from({ length: draws }, () => {
    const h = complexMatrix(...size, rng.fillComplexNormal(new Float64Array(2 * size[0] * size[1])));
    return mean(detection(h, perBit10Db).noiseVariance.map((variance) => qFunction(Math.sqrt(1 / variance))));
  });
  const [value, reach] = [mean(rates), 1.96 * standardError(rates)];
  return { value, ci95: [value - reach, value + reach] };
}

function alamoutiErrorRate(rng: Rng, target: number): Estimate {
  let [errors, bits] = [0, 0];
  const sign = () => 1 - 2 * (rng.uint32() & 1);
  while (errors < target) {
    const h = complexMatrix(1, 2, rng.fillComplexNormal(new Float64Array(4)));
    const sent = Float64Array.of(sign(), 0, sign(), 0);
    const encoded = alamoutiEncode(sent);
    const received = new Float64Array(4);
    for (const use of [0, 1])
      received.set(overChannel(rng, h, encoded.slice(4 * use, 4 * use + 4), 0.1), 2 * use);
    const { symbols } = alamoutiCombine(received, h, 0.1);
    for (const at of [0, 2]) if (symbols[at]! * sent[at]! < 0) errors++;
    bits += 2;
  }
  return counted(errors, bits);
}

/** The largest difference of LLRs, and 1 more for each label that differs. */
function kBestGap(rng: Rng): Estimate {
  const [all, full] = [maximumLikelihood(qam16), kBest(qam16, { k: 256 })];
  let gap = 0;
  for (let use = 0; use < 2000; use++) {
    const { h, received } = drawUse(rng, qam16, 3, 2, 0.1);
    const [exact, found] = [all(h, 0.1).detect(received), full(h, 0.1).detect(received)];
    exact.llrs.forEach((llr, bit) => {
      gap = Math.max(gap, Math.abs(found.llrs[bit]! - llr) / (1 + Math.abs(llr)));
    });
    if (exact.labels.some((label, k) => label !== found.labels[k])) gap++;
  }
  return { value: gap };
}

/**
 * Four streams of one codeword to 16 antennas, a new channel each use, noise raised by the root of the antennas:
 * the setup of Sionna's notebook `Simple_MIMO_Simulation`.
 */
function codedBlockErrorRate(rng: Rng, ebN0Db: number, target: number): Estimate {
  const code = ldpcCode({ k: 512, n: 1024, decoder: 'sum-product', iterations: 20 });
  const noiseVariance = Math.sqrt(16) / (10 ** (ebN0Db / 10) * 4 * 0.5);
  let [errors, blocks] = [0, 0];
  for (; errors < target; blocks++) {
    const bits = Uint8Array.from({ length: code.k }, () => rng.uint32() & 1);
    const sent = Float64Array.from(qam16.map(code.encode(bits)));
    const symbols = new Float32Array(sent.length);
    const variances = new Float32Array(sent.length / 2);
    for (let use = 0; 8 * use < sent.length; use++) {
      const h = complexMatrix(16, 4, rng.fillComplexNormal(new Float64Array(128)));
      const detector = lmmse(h, noiseVariance);
      symbols.set(
        detector.detect(overChannel(rng, h, sent.slice(8 * use, 8 * use + 8), noiseVariance)),
        8 * use,
      );
      variances.set(detector.noiseVariance, 4 * use);
    }
    const decoded = code.decode(qam16.demap(symbols, variances)).bits;
    if (decoded.some((bit, at) => bit !== bits[at])) errors++;
  }
  return counted(errors, blocks);
}

const sionna =
  'Sionna 1.x, notebook Simple_MIMO_Simulation, saved output, uncorrelated antennas, 100 block errors';

/** Detection over several antennas. */
export const references: Reference[] = [
  {
    id: 'mimo/zf/4x2/10',
    what: 'bit error rate of QPSK, zero forcing of 2 streams at 4 antennas, i.i.d. Rayleigh, 10 dB a bit and antenna',
    source: `${proakis}, L = 4 - 2 + 1 (Winters, Salz, Gitlin 1994)`,
    value: 1.2163e-4,
    allowed: errorRateInterval(1.2163e-4, 250),
    measure: (rng) => qpskErrorRate(rng, zeroForcing, [4, 2], 250),
  },
  {
    id: 'mimo/mrc/2/10',
    what: 'bit error rate of QPSK, maximum ratio combining of 2 antennas, i.i.d. Rayleigh, 10 dB a bit and antenna',
    source: `${proakis}, L = 2`,
    value: 1.5991e-3,
    allowed: errorRateInterval(1.5991e-3, 1000),
    measure: (rng) => qpskErrorRate(rng, maximumRatioCombining, [2, 1], 1000),
  },
  {
    id: 'mimo/mrc/3/10',
    what: 'bit error rate of QPSK, maximum ratio combining of 3 antennas, i.i.d. Rayleigh, 10 dB a bit and antenna',
    source: `${proakis}, L = 3`,
    value: 1.2163e-4,
    allowed: errorRateInterval(1.2163e-4, 250),
    measure: (rng) => qpskErrorRate(rng, maximumRatioCombining, [3, 1], 250),
  },
  {
    id: 'mimo/mrc/4/10',
    what: 'bit error rate of QPSK, maximum ratio combining of 4 antennas, 10 dB: mean of Q over a million channels',
    source: `${proakis}, L = 4`,
    value: 9.698e-6,
    allowed: within(9.698e-6, 2e-6),
    measure: (rng) => meanErrorRate(rng, maximumRatioCombining, [4, 1], 1_000_000),
  },
  {
    id: 'mimo/alamouti/2x1/10',
    what: 'bit error rate of BPSK with the code of Alamouti, 2 x 1, i.i.d. Rayleigh, 10 dB, power split',
    source: `${proakis}, L = 2 at half the SNR (Alamouti 1998)`,
    value: 5.5282e-3,
    allowed: errorRateInterval(5.5282e-3, 1000),
    measure: (rng) => alamoutiErrorRate(rng, 1000),
  },
  {
    id: 'mimo/k-best/full',
    what: 'largest relative difference of LLRs, K-best with all 256 vectors against maximum likelihood, 3 x 2, 16-QAM',
    source: 'the same search by definition',
    value: 0,
    allowed: [0, 1e-5],
    measure: kBestGap,
  },
  ...(
    [
      [-1.5, 0.19, 200],
      [-1, 0.0286, 60],
    ] as const
  ).map(([ebN0Db, value, errors]) => ({
    id: `mimo/lmmse/4x16-16qam-1024-512/${ebN0Db.toFixed(1)}`,
    what: `block error rate, 4 streams to 16 antennas, 16-QAM, LDPC (1024, 512), LMMSE, sum-product 20, Eb/N0 ${ebN0Db} dB`,
    source: sionna,
    value,
    allowed: errorRateInterval(value, errors, 100),
    measure: (rng: Rng) => codedBlockErrorRate(rng, ebN0Db, errors),
  })),
];
