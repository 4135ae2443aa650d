/** Effective SNR mapping: what it foretells of a coded block on drawn channels. */
import { ofdmTdl } from '../../../../lib/channel/index.js';
import { mean, type Rng } from '../../../../lib/math/index.js';
import {
  constellation,
  eesmBeta,
  effectiveSnrDb,
  type LdpcCode,
  ldpcCode,
  randomBits,
} from '../../../../lib/phy/index.js';
import type { Reference } from '../../reference.js';

const points = constellation('qam', 16);
const target = 0.1;
const blocks = 500;

/** Block error rate over fixed SNRs of the uses. */
function blockErrorRate(code: LdpcCode, snrsDb: readonly number[], rng: Rng): number {
  const uses = code.n / points.bitsPerSymbol;
  const variances = Float32Array.from(
    { length: uses },
    (_, use) => 10 ** (-snrsDb[use % snrsDb.length]! / 10),
  );
  let errors = 0;
  for (let block = 0; block < blocks; block++) {
    const bits = randomBits(rng, code.k);
    const symbols = points.map(code.encode(bits));
    const noise = rng.fillComplexNormal(new Float32Array(2 * uses), 1);
    for (let i = 0; i < symbols.length; i++) symbols[i]! += noise[i]! * Math.sqrt(variances[i >> 1]!);
    const decoded = code.decode(points.demap(symbols, variances));
    if (decoded.bits.some((bit, i) => bit !== bits[i])) errors++;
  }
  return Math.max(errors, 0.5) / blocks;
}

/** The SNR in dB at which a rising function is `value`. */
function bisect(value: number, at: (snrDb: number) => number): number {
  let [low, high] = [-20, 60];
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (at(middle) < value) low = middle;
    else high = middle;
  }
  return low;
}

/** By how many dB of SNR the mapping is wrong on draws of OFDM over TDL-C: root of the mean square. */
function mappingError(codeRate: number, rng: Rng): number {
  const n = 2000;
  const code = ldpcCode({ k: Math.round(n * codeRate), n, bitsPerSymbol: 4, decoder: 'min-sum-int8' });
  const flat = (snrDb: number) => blockErrorRate(code, [snrDb], rng.fork('flat'));
  const tenPercentDb = bisect(-target, (snrDb) => -flat(snrDb));
  const slope = (Math.log(flat(tenPercentDb + 0.15)) - Math.log(flat(tenPercentDb - 0.15))) / 0.3;
  const subcarriers = n / 4;
  const channel = ofdmTdl({
    profile: 'TDL-C',
    delaySpreadSec: 300e-9,
    subcarriers,
    subcarrierSpacingHz: 30e3,
    snrDb: 0,
  });
  const { gains } = channel.sample(rng.fork('draws'), { codewords: 12, uses: subcarriers });
  const errors = Array.from({ length: 12 }, (_, draw) => {
    const gainsDb = Array.from({ length: subcarriers }, (__, use) => {
      const at = 2 * (draw * subcarriers + use);
      return 10 * Math.log10(gains[at]! ** 2 + gains[at + 1]! ** 2);
    });
    const snrs = (snrDb: number) => gainsDb.map((gain) => gain + snrDb);
    const snrDb = bisect(tenPercentDb, (s) => effectiveSnrDb(snrs(s), eesmBeta(4, codeRate)));
    const found = blockErrorRate(code, snrs(snrDb), rng.fork('noise').fork(draw));
    return (Math.log(found) - Math.log(target)) / slope;
  });
  return Math.sqrt(mean(Float64Array.from(errors, (error) => error * error)));
}

export const references: Reference[] = [0.5, 0.6].map((codeRate) => ({
  id: `eesm/tdl-c/16-qam/${codeRate}`,
  what: `error of the effective SNR in dB at block error rate 0.1, root mean square over 12 draws of OFDM over TDL-C (300 ns), 16-QAM, NR LDPC of rate ${codeRate}`,
  source: 'the mapping holds by itself: 0 dB; betas of Lagen et al. 2020',
  value: 0,
  allowed: [0, 0.5],
  measure: (rng) => ({ value: mappingError(codeRate, rng) }),
}));
