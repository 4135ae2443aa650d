/** Polar codes against Sionna's and AFF3CT's error rates, and the speed of the list decoder. */
import { awgn, binaryErasure } from '../../../../lib/channel/index.js';
import type { Rng } from '../../../../lib/math/index.js';
import {
  type BlockCode,
  becPolarSequence,
  constellation,
  linkTrials,
  monteCarlo,
  polarCode,
  randomBits,
  type Trials,
} from '../../../../lib/phy/index.js';
import { type Estimate, errorRateInterval, type Reference } from '../../reference.js';

const maxTrials = 1_000_000;

/** A block error rate counted until so many errors; what is allowed counts the published errors too. */
function counted(
  id: string,
  what: string,
  source: string,
  published: { value: number; errors: number },
  { trials, errors = 300, deviations }: { trials: Trials; errors?: number; deviations?: number },
): Reference {
  return {
    id: `polar/bler/${id}`,
    what: `block error rate of ${what}`,
    source,
    value: published.value,
    allowed: errorRateInterval(published.value, errors, published.errors, deviations),
    async measure(rng): Promise<Estimate> {
      const stop = { counter: 'blockErrors', target: errors, maxTrials };
      const result = await monteCarlo(trials, { rng, stop, batchTrials: 50 });
      return result.rate('blockErrors');
    },
  };
}

const qpsk = constellation('qam', 4);

/** QPSK over AWGN at an Eb/N0 that counts information bits only. */
function overAwgn(code: BlockCode, ebN0Db: number): Trials {
  const snrDb = ebN0Db + 10 * Math.log10((2 * code.k) / code.n);
  return linkTrials({ constellation: qpsk, channel: awgn({ snrDb }), code });
}

// The notebook does not state the errors behind its curve; 100 are taken.
const sionnaNotebook = (
  [
    [2, 0.103],
    [2.5, 0.0361],
    [3, 7.8e-3],
    [3.5, 1.32e-3],
  ] as const
).map(([ebN0Db, value]) =>
  counted(
    `sionna-notebook/128-64/${ebN0Db}`,
    `(128, 64), list 8, CRC11, QPSK over AWGN at Eb/N0 ${ebN0Db} dB`,
    'Sionna, saved output of its notebook on 5G channel coding',
    { value, errors: 100 },
    { trials: overAwgn(polarCode({ k: 64, n: 128 }), ebN0Db), deviations: 1.96 },
  ),
);

/** sionna-no-rt 2.2.0, Polar5GEncoder and Polar5GDecoder('SCL', 8), run until so many errors. */
const sionna = (
  [
    ['uplink', 64, 128, 2, 412, 4000],
    ['uplink', 64, 128, 2.5, 411, 11_500],
    ['uplink', 64, 128, 3, 401, 48_000],
    ['uplink', 100, 140, 3.5, 417, 15_500],
    ['uplink', 40, 200, 2, 404, 14_500],
    ['downlink', 40, 108, 2.5, 562, 1500],
  ] as const
).map(([link, k, n, ebN0Db, errors, blocks]) =>
  counted(
    `sionna/${link}-${n}-${k}/${ebN0Db}`,
    `NR ${link} (${n}, ${k}), list 8, over AWGN at Eb/N0 ${ebN0Db} dB`,
    `sionna-no-rt 2.2.0, ${errors} errors in ${blocks} blocks`,
    { value: errors / blocks, errors },
    { trials: overAwgn(polarCode({ k, n, link }), ebN0Db), errors: 400 },
  ),
);

const successive = { k: 512, n: 1024, listSize: 1, crc: 'none' } as const;

const aff3ctAwgn = (
  [
    [2, 0.102, 1371],
    [3, 1.54e-3, 500],
  ] as const
).map(([ebN0Db, value, errors]) =>
  counted(
    `aff3ct/1024-512/${ebN0Db}`,
    `NR-ranked (1024, 512), successive cancellation, over AWGN at Eb/N0 ${ebN0Db} dB`,
    `AFF3CT error_rate_references, Polar_N1024_K512_SC_5G_intra_p32, ${errors} errors`,
    { value, errors },
    { trials: overAwgn(polarCode(successive), ebN0Db), errors: 200 },
  ),
);

function erasureTrials(erasureProbability: number): Trials {
  const code = polarCode({ ...successive, sequence: becPolarSequence(1024, erasureProbability) });
  const channel = binaryErasure({ erasureProbability });
  return (rng, trials) => {
    let blockErrors = 0;
    for (let trial = 0; trial < trials; trial++) {
      const bits = randomBits(rng, code.k);
      const llrs = channel.llrs(channel.sample(rng.fork(trial), code.n).apply(code.encode(bits)));
      const decoded = code.decode(llrs).bits;
      blockErrors += Number(decoded.some((bit, i) => bit !== bits[i]));
    }
    return { blockErrors };
  };
}

const aff3ctErasures = counted(
  'aff3ct/erasures-1024-512/0.35',
  'BEC-designed (1024, 512), successive cancellation, over the erasure channel of 0.35',
  'AFF3CT error_rate_references, BEC/OOK/SC/Polar_N1024_K512_SC_FAST, 501 errors',
  { value: 0.0229, errors: 501 },
  { trials: erasureTrials(0.35) },
);

/** Information bits decoded in a second of this process's time, in Mb/s. */
function decodingSpeed(rng: Rng, ebN0Db: number): number {
  const code = polarCode({ k: 512, n: 1024, listSize: 8 });
  const snr = 10 ** (ebN0Db / 10) * (code.k / code.n);
  const received = Array.from({ length: 100 }, () => {
    const word = code.encode(randomBits(rng, code.k));
    const llrs = rng.fillNormal(new Float32Array(code.n), 4 * snr, Math.sqrt(8 * snr));
    return llrs.map((llr, i) => (word[i] === 1 ? -llr : llr));
  });
  const speeds = Array.from({ length: 10 }, () => {
    const before = process.cpuUsage();
    for (let round = 0; round < 10; round++) for (const llrs of received) code.decode(llrs);
    const { user, system } = process.cpuUsage(before);
    return (10 * received.length * code.k) / (user + system);
  });
  return Math.max(...speeds);
}

const speed: Reference = {
  id: 'polar/speed/1024-512-list-8',
  what: 'information bits that the (1024, 512) list-8 CRC11 decoder gives on one core at Eb/N0 2 dB, Mb/s',
  source: 'what a link simulation needs: 1 Mb/s at least',
  value: 1,
  allowed: [1, Number.POSITIVE_INFINITY],
  measure: (rng) => ({ value: decodingSpeed(rng, 2) }),
};

export const references: Reference[] = [...sionnaNotebook, ...sionna, ...aff3ctAwgn, aff3ctErasures, speed];
