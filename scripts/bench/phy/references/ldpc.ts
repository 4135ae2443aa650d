/** NR LDPC codes against Sionna's error rates, min-sum against sum-product, and the speed of the 8-bit decoder. */
import { awgn } from '../../../../lib/channel/index.js';
import type { Rng } from '../../../../lib/math/index.js';
import {
  constellation,
  type LdpcDecoder,
  type LdpcOptions,
  ldpcCode,
  linkTrials,
  monteCarlo,
  randomBits,
} from '../../../../lib/phy/index.js';
import { type Estimate, errorRateInterval, type Reference } from '../../reference.js';

/** A code over QAM and AWGN at an Es/N0; 20 iterations. */
interface Setup extends LdpcOptions {
  order: number;
  snrDb: number;
}

async function blockErrorRate({ order, snrDb, ...code }: Setup, rng: Rng): Promise<Estimate> {
  const trials = linkTrials({
    constellation: constellation('qam', order),
    channel: awgn({ snrDb }),
    code: ldpcCode({ ...code, bitsPerSymbol: Math.log2(order), iterations: 20 }),
  });
  const stop = { counter: 'blockErrors', target: errors, maxTrials: 1_000_000 };
  return (await monteCarlo(trials, { rng, stop, batchTrials: 50 })).rate('blockErrors');
}

const qpsk = (k: number, n: number, ebN0Db: number): Setup => ({
  k,
  n,
  order: 4,
  snrDb: ebN0Db + 10 * Math.log10((2 * k) / n),
});

/** Sionna's notebook: Eb/N0 in dB and block error rate, of sum-product decoding with 20 iterations. */
const notebook = [
  {
    k: 64,
    n: 128,
    points: [
      [2, 0.155],
      [3, 0.0225],
      [4, 1.33e-3],
    ],
  },
  {
    k: 500,
    n: 1000,
    points: [
      [1, 0.462],
      [1.25, 0.22],
      [1.5, 0.0744],
      [1.75, 0.0189],
      [2, 2.8e-3],
    ],
  },
] satisfies { k: number; n: number; points: [number, number][] }[];

/** Errors that each of ours counts. The notebook does not state the errors behind its curve; as many are taken. */
const errors = 100;

const sumProduct: Reference[] = notebook.flatMap(({ k, n, points }) =>
  points.map(([ebN0Db, value]) => ({
    id: `ldpc/bler/sum-product/${n}-${k}/${ebN0Db}`,
    what: `block error rate of NR LDPC (${n}, ${k}), sum-product, QPSK over AWGN at Eb/N0 ${ebN0Db} dB`,
    source: 'Sionna, saved output of its notebook on 5G channel coding',
    value,
    allowed: errorRateInterval(value, errors, errors, 1.96),
    measure: (rng) => blockErrorRate({ ...qpsk(k, n, ebN0Db), decoder: 'sum-product' }, rng),
  })),
);

/** A published curve 0.1 dB to the left, its logarithm linear between points: what min-sum may reach. */
function leftOf(points: [number, number][], index: number): number {
  const [[x0, y0], [x1, y1]] = points.slice(index - 1, index + 1) as [[number, number], [number, number]];
  return y1 * (y0 / y1) ** (0.1 / (x1 - x0));
}

const minSum: Reference[] = (['min-sum', 'min-sum-int8'] satisfies LdpcDecoder[]).flatMap((decoder) =>
  notebook.flatMap(({ k, n, points }) =>
    points.slice(1).map(([ebN0Db, value], index) => ({
      id: `ldpc/bler/${decoder}/${n}-${k}/${ebN0Db}`,
      what: `block error rate of NR LDPC (${n}, ${k}), ${decoder}, QPSK over AWGN at Eb/N0 ${ebN0Db} dB: within 0.1 dB of sum-product`,
      source: 'Sionna, saved output of its notebook on 5G channel coding',
      value,
      allowed: [0, errorRateInterval(leftOf(points, index + 1), errors, errors, 1.96)[1]] as [number, number],
      measure: (rng: Rng) => blockErrorRate({ ...qpsk(k, n, ebN0Db), decoder }, rng),
    })),
  ),
);

/** scripts/bench/phy/sionna_ldpc.py, "bler" with seed 1 and "boxplus-phi": what sionna-no-rt 2.2.0 counted. */
const counted = (
  [
    [256, 768, 4, -0.9, 206, 1100],
    [256, 768, 4, -0.5, 200, 4300],
    [640, 960, 16, 9.2, 209, 1600],
    [640, 960, 16, 9.6, 200, 11300],
    [1200, 2400, 64, 10.6, 204, 1100],
    [1200, 2400, 64, 10.9, 200, 6300],
  ] as [k: number, n: number, order: number, snrDb: number, theirs: number, blocks: number][]
).map(([k, n, order, snrDb, theirs, blocks]): Reference => {
  const value = theirs / blocks;
  return {
    id: `ldpc/bler/sionna/${n}-${k}-qam${order}/${snrDb}`,
    what: `block error rate of NR LDPC (${n}, ${k}), sum-product, ${order}-QAM over AWGN at Es/N0 ${snrDb} dB`,
    source: `sionna-no-rt 2.2.0, ${theirs} errors in ${blocks} blocks`,
    value,
    allowed: errorRateInterval(value, errors, theirs, 1.96),
    measure: (rng) => blockErrorRate({ k, n, order, snrDb, decoder: 'sum-product' }, rng),
  };
});

/** Information bits decoded in a second of this process's time, in Mb/s; the best of 20 rounds. */
function decodingSpeed(rng: Rng): number {
  const code = ldpcCode({ k: 8448, n: 16896, decoder: 'min-sum-int8', iterations: 10, earlyStop: false });
  const word = code.encode(randomBits(rng, code.k));
  const llrs = rng.fillNormal(new Float32Array(code.n), 4, Math.sqrt(8));
  for (const [i, bit] of word.entries()) if (bit === 1) llrs[i]! *= -1;
  const speeds = Array.from({ length: 20 }, () => {
    const before = process.cpuUsage();
    for (let block = 0; block < 200; block++) code.decode(llrs);
    const { user, system } = process.cpuUsage(before);
    return (200 * code.k) / (user + system);
  });
  return Math.max(...speeds);
}

const speed: Reference = {
  id: 'ldpc/speed/16896-8448',
  what: 'information bits that the (16896, 8448) 8-bit min-sum decoder gives on one core, 10 iterations, no early stop, Mb/s',
  source: 'what a link simulation needs: 30 Mb/s at least',
  value: 30,
  allowed: [30, Number.POSITIVE_INFINITY],
  measure: (rng) => ({ value: decodingSpeed(rng) }),
};

export const references: Reference[] = [...sumProduct, ...minSum, ...counted, speed];
