/** Error rates that our chain of bits, symbols, channel and demapper counts, against closed forms. */
import { awgn, type Channel, rayleigh } from '../../../../lib/channel/index.js';
import { mean, type Rng, variance } from '../../../../lib/math/index.js';
import {
  bitInterleavedRate,
  type Constellation,
  constellation,
  countBitErrors,
  linkTrials,
  monteCarlo,
  randomBits,
  symbolErrorRate,
  type Trials,
} from '../../../../lib/phy/index.js';
import { type Estimate, errorRateInterval, type Reference, within } from '../../reference.js';

const scipy = 'closed form, scipy';
const perBit = (bits: number) => 10 * Math.log10(bits);

/** An error rate counted until so many errors; 99.9 % of the seeds lie within what is allowed. */
function counted(
  id: string,
  what: string,
  setup: { value: number; errors?: number; source?: string; trials: Trials; counter?: string; units: number },
): Reference {
  const { value, errors = 3000, source = scipy, trials, counter = 'bitErrors', units } = setup;
  return {
    id: `modem/${id}`,
    what,
    source,
    value,
    allowed: errorRateInterval(value, errors),
    async measure(rng): Promise<Estimate> {
      const stop = { counter, target: errors, maxTrials: 1_000_000 };
      const result = await monteCarlo(trials, { rng, stop, batchTrials: 50 });
      return result.rate(counter, units);
    },
  };
}

const block = 1200;
const link = (one: Constellation, channel: Channel) =>
  linkTrials({ constellation: one, channel, code: block });
const bpsk = constellation('psk', 2);
const qpsk = constellation('qam', 4);
const qam16 = constellation('qam', 16);
const fast = (snrDb: number) => rayleigh({ snrDb, fading: 'fast' });

const bitErrorRates = (
  [
    ['bpsk', bpsk, 0, 7.865e-2],
    ['bpsk', bpsk, 4, 1.2501e-2],
    ['bpsk', bpsk, 8, 1.9091e-4],
    ['qpsk', qpsk, 0, 7.865e-2],
    ['qpsk', qpsk, 4, 1.2501e-2],
    ['qpsk', qpsk, 8, 1.9091e-4],
    ['16-qam', qam16, 8, 9.2472e-3],
    ['16-qam', qam16, 10, 1.7542e-3],
  ] as const
).map(([name, one, ebN0Db, value]) =>
  counted(`awgn/${name}/${ebN0Db}`, `bit error rate of ${name} over AWGN at Eb/N0 ${ebN0Db} dB`, {
    value,
    errors: value < 1e-3 ? 1500 : 3000,
    trials: link(one, awgn({ snrDb: ebN0Db + perBit(one.bitsPerSymbol) })),
    units: block,
  }),
);

const fadingRates = (
  [
    ['bpsk', bpsk, 10, 2.3269e-2],
    ['bpsk', bpsk, 20, 2.4814e-3],
    ['16-qam', qam16, 10, 4.2371e-2],
    ['16-qam', qam16, 20, 4.8855e-3],
  ] as const
).map(([name, one, ebN0Db, value]) =>
  counted(`rayleigh/${name}/${ebN0Db}`, `bit error rate of ${name} over Rayleigh at Eb/N0 ${ebN0Db} dB`, {
    value,
    trials: link(one, fast(ebN0Db + perBit(one.bitsPerSymbol))),
    units: block,
  }),
);

/** Symbol errors of hard decisions over AWGN. */
function symbolTrials(one: Constellation, snrDb: number): Trials {
  const width = one.bitsPerSymbol;
  return (rng, trials) => {
    const bits = randomBits(rng, trials * block * width);
    const realisation = awgn({ snrDb }).sample(rng, { codewords: trials, uses: block });
    const found = one.decide(realisation.apply(one.map(bits)));
    let symbolErrors = 0;
    for (let at = 0; at < bits.length; at += width) {
      symbolErrors += Number(
        countBitErrors(bits.subarray(at, at + width), found.subarray(at, at + width)) > 0,
      );
    }
    return { symbolErrors };
  };
}

/** BPSK over independent Rayleigh branches, combined in the maximum ratio. */
function combiningTrials(branches: number, snrDb: number): Trials {
  return (rng, trials) => {
    const uses = trials * block;
    const bits = randomBits(rng, uses);
    const sent = bpsk.map(bits);
    const sum = new Float32Array(2 * uses);
    for (let branch = 0; branch < branches; branch++) {
      const realisation = fast(snrDb).sample(rng.fork(branch).fork('branch'), { codewords: 1, uses });
      const received = realisation.apply(sent);
      for (let at = 0; at < sum.length; at += 2) {
        // The real part of conj(h) y, which is all that BPSK needs.
        sum[at]! += realisation.gains[at]! * received[at]! + realisation.gains[at + 1]! * received[at + 1]!;
      }
    }
    return { bitErrors: countBitErrors(bits, bpsk.decide(sum)) };
  };
}

/** BPSK with Alamouti's code: two antennas send (a, b), then (-b*, a*), at half the power each. */
function alamoutiTrials(snrDb: number): Trials {
  return (rng, trials) => {
    const pairs = (trials * block) / 2;
    const bits = randomBits(rng, 2 * pairs);
    const gains = rng.fillComplexNormal(new Float32Array(4 * pairs), 1);
    const noise = rng.fillComplexNormal(new Float32Array(4 * pairs), 10 ** (-snrDb / 10));
    const sent = bpsk.map(bits);
    const combined = new Float32Array(4 * pairs);
    const half = Math.SQRT1_2;
    for (let at = 0; at < gains.length; at += 4) {
      const [gr, gi, hr, hi] = [gains[at]!, gains[at + 1]!, gains[at + 2]!, gains[at + 3]!];
      const [a, b] = [sent[at]! * half, sent[at + 2]! * half];
      const [yr, yi] = [gr * a + hr * b + noise[at]!, gi * a + hi * b + noise[at + 1]!];
      const [zr, zi] = [hr * a - gr * b + noise[at + 2]!, hi * a - gi * b + noise[at + 3]!];
      // Re(g* y + h z*) and Re(h* y - g z*).
      combined[at] = gr * yr + gi * yi + hr * zr + hi * zi;
      combined[at + 2] = hr * yr + hi * yi - gr * zr - gi * zi;
    }
    return { bitErrors: countBitErrors(bits, bpsk.decide(combined)) };
  };
}

const diversity = [
  ...(
    [
      [2, 1.5991e-3, 2000],
      [3, 1.2163e-4, 500],
      [4, 9.698e-6, 100],
    ] as const
  ).map(([branches, value, errors]) =>
    counted(`mrc/${branches}`, `bit error rate of BPSK, ${branches} Rayleigh branches of 10 dB combined`, {
      value,
      errors,
      trials: combiningTrials(branches, 10),
      units: block,
    }),
  ),
  counted('alamouti', 'bit error rate of BPSK with Alamouti 2 x 1 at 10 dB, power split', {
    value: 5.5282e-3,
    trials: alamoutiTrials(10),
    units: block,
  }),
];

const LLRS = 400_000;

/** LLRs of a 0 that BPSK carried at 3 dB, and what they are multiplied by to have mean 1. */
function zeroLlrs(rng: Rng): { llrs: Float32Array; mean: number } {
  const realisation = awgn({ snrDb: 3 }).sample(rng, { codewords: 1, uses: LLRS });
  const received = realisation.apply(bpsk.map(new Uint8Array(LLRS)));
  return { llrs: bpsk.demap(received, realisation.noiseVariance), mean: 4 * 10 ** 0.3 };
}

const llrMoments: Reference[] = [
  {
    id: 'modem/llr/mean',
    what: 'mean LLR of a 0 over 4 Es/N0, BPSK at 3 dB',
    source: 'LLR = 4 Re(y)/N0',
    value: 1,
    // Standard error sqrt(2 / mean / count) = 8e-4.
    allowed: within(1, 3.3 * 8e-4),
    measure: (rng) => {
      const { llrs, mean: expected } = zeroLlrs(rng);
      return { value: mean(llrs) / expected };
    },
  },
  {
    id: 'modem/llr/variance',
    what: 'variance over twice the mean of the LLR of a 0, BPSK at 3 dB',
    source: 'LLR = 4 Re(y)/N0',
    value: 1,
    // Standard error sqrt(2 / count) = 2.2e-3.
    allowed: within(1, 3.3 * 2.3e-3),
    measure: (rng) => {
      const { llrs, mean: expected } = zeroLlrs(rng);
      return { value: variance(llrs) / (2 * expected) };
    },
  },
  {
    id: 'modem/llr/rate',
    what: 'bits a symbol that the exact LLRs of 16-QAM carry at 10 dB',
    source: 'numerical integration of the bit-interleaved rate, ours',
    value: bitInterleavedRate(qam16, 10),
    // Standard error below 4 * 0.6 / sqrt(4 * 400000).
    allowed: within(bitInterleavedRate(qam16, 10), 3.3 * 2e-3),
    measure: (rng) => {
      const bits = randomBits(rng, 4 * LLRS);
      const realisation = awgn({ snrDb: 10 }).sample(rng, { codewords: 1, uses: LLRS });
      const llrs = qam16.demap(realisation.apply(qam16.map(bits)), realisation.noiseVariance);
      const losses = llrs.map((llr, index) => Math.log2(1 + Math.exp(bits[index] === 0 ? -llr : llr)));
      return { value: 4 * (1 - mean(losses)) };
    },
  },
];

export const references: Reference[] = [
  ...bitErrorRates,
  ...fadingRates,
  counted('awgn/16-qam/symbols/14', 'symbol error rate of 16-QAM over AWGN at Es/N0 14 dB', {
    value: 3.7151e-2,
    trials: symbolTrials(qam16, 14),
    counter: 'symbolErrors',
    units: block,
  }),
  counted('awgn/8-psk/symbols/12', 'symbol error rate of 8-PSK over AWGN at Es/N0 12 dB', {
    value: symbolErrorRate('psk', 8, 12),
    source: "Craig's integral, ours",
    trials: symbolTrials(constellation('psk', 8), 12),
    counter: 'symbolErrors',
    units: block,
  }),
  ...diversity,
  ...llrMoments,
];
