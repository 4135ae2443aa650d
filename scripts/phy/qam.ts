import { awgn, type Channel, rayleigh } from 'semwave/channel';
import { median, percentile, Rng } from 'semwave/math';
import { type Constellation, type DemapMethod, linkTrials, monteCarlo, randomBits } from 'semwave/phy';
import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import { qamFigures } from './qam-figures.js';
import { exactErrorRate, makeModulation, uncodedSnrDb } from './qam-theory.js';

const names = ['BPSK', 'QPSK', '8-PSK', '16-QAM', '64-QAM', '256-QAM', '1024-QAM'] as const;

const channels: Record<string, (snrDb: number) => Channel> = {
  awgn: (snrDb) => awgn({ snrDb }),
  rayleigh: (snrDb) => rayleigh({ snrDb, fading: 'fast' }),
};

/** What a receiver does with a block, timed: seconds to map, on air and to demap. */
function latencyOf(one: Constellation, bits: number, symbolRate: number, method: DemapMethod) {
  const sent = randomBits(Rng.of('latency'), bits);
  const encode: number[] = [];
  const decode: number[] = [];
  for (let round = 0; round < 120; round++) {
    const start = performance.now();
    const symbols = one.map(sent);
    const mapped = performance.now();
    one.demap(symbols, 0.1, { method });
    encode.push((mapped - start) / 1e3);
    decode.push((performance.now() - mapped) / 1e3);
  }
  // The first rounds are those in which the functions are compiled.
  const spread = (values: number[]) => ({
    median: median(values.slice(20)),
    p95: percentile(values.slice(20), 95),
  });
  const air = bits / one.bitsPerSymbol / symbolRate;
  const [encodeSec, decodeSec] = [spread(encode), spread(decode)];
  return {
    value: encodeSec.median + air + decodeSec.median,
    unit: 's',
    metric: `map + air + demap of ${bits} bits`,
    encodeSec,
    airSec: { median: air, p95: air },
    decodeSec,
  };
}

/** Bits a symbol that the LLRs carry: the mean of 1 - log2(1 + exp(-LLR)) of the bits sent, times their number. */
function carriedBits(one: Constellation, snrDb: number, symbols: number, method: DemapMethod, rng: Rng) {
  const bits = randomBits(rng.fork('bits'), symbols * one.bitsPerSymbol);
  const realisation = awgn({ snrDb }).sample(rng.fork('noise'), { codewords: 1, uses: symbols });
  const llrs = one.demap(realisation.apply(one.map(bits)), realisation.noiseVariance, { method });
  let [sum, squares] = [0, 0];
  for (let at = 0; at < bits.length; at += one.bitsPerSymbol) {
    let carried = 0;
    for (let i = at; i < at + one.bitsPerSymbol; i++) {
      carried += 1 - Math.log2(1 + Math.exp(bits[i] === 0 ? -llrs[i]! : llrs[i]!));
    }
    sum += carried;
    squares += carried * carried;
  }
  const value = sum / symbols;
  const half = 1.96 * Math.sqrt(Math.max(0, squares / symbols - value * value) / symbols);
  return { value, ci95: [value - half, value + half] as [number, number] };
}

export default defineExperiment({
  id: 'phy/qam',
  title: 'Gray QAM and PSK: error rates and soft demapping',
  paper: 'Cho, Yoon 2002; Caire, Taricco, Biglieri 1998; 3GPP TS 38.211 clause 5.1',
  purpose:
    'uncoded error rates over AWGN and Rayleigh against closed forms; what exact and max-log LLRs carry',
  params: {
    modulation: param.grid(names, { about: 'from 1 to 10 bits a symbol' }),
    channel: param.grid(['awgn', 'rayleigh'], { about: 'no fading, or an independent gain a symbol' }),
    ebN0Db: param.grid({ unit: 'dB', from: 0, to: 40, step: 2, min: -20, max: 60, about: 'mean Eb/N0' }),
    leastErrorRate: param.number({
      default: 1e-5,
      min: 1e-9,
      max: 0.5,
      about: 'points whose closed form lies below are left out',
    }),
    errors: param.integer({ default: 1000, min: 10, max: 1_000_000, about: 'bit errors that end a point' }),
    blocks: param.integer({
      default: 100_000,
      min: 1,
      max: 1e9,
      about: 'blocks of 1200 bits that end a point',
    }),
    softSymbols: param.integer({
      default: 200_000,
      min: 0,
      max: 1e7,
      about: 'symbols a point of soft demapping; 0: none',
    }),
    softSnrDb: param.number({
      default: 1,
      min: 0.1,
      max: 20,
      unit: 'dB',
      about: 'step of its SNR, from -5 to 30',
    }),
    symbolRate: param.number({
      default: 1e6,
      min: 1,
      max: 1e12,
      unit: 'symbols/s',
      about: 'complex symbols a second on air',
    }),
  },
  presets: {
    quick: {
      cost: '20 seconds on two cores',
      errors: 200,
      blocks: 4000,
      leastErrorRate: 1e-4,
      softSymbols: 10_000,
      softSnrDb: 5,
    },
    paper: { cost: '3 minutes on two cores' },
  },

  points({ modulation, channel, ebN0Db, leastErrorRate, softSymbols, softSnrDb }) {
    const hard = channel.flatMap((c) =>
      modulation.flatMap((m) =>
        ebN0Db
          .filter((e) => exactErrorRate(c, m, e) >= leastErrorRate)
          .map((e) => ({ channel: c, modulation: m, ebN0Db: e })),
      ),
    );
    if (softSymbols === 0) return hard;
    const snrsDb = Array.from({ length: Math.floor(35 / softSnrDb) + 1 }, (_, k) => k * softSnrDb - 5);
    const soft = modulation.flatMap((m) => snrsDb.map((s) => ({ soft: true, modulation: m, snrDb: s })));
    return [...hard, ...soft];
  },

  async *measure(point, { config, rng, signal, progress }): AsyncGenerator<NewRow> {
    const { symbolRate } = config;
    const one = makeModulation(point.modulation);
    const rate = { value: one.bitsPerSymbol, unit: 'bit/symbol', metric: 'uncoded' };
    if ('soft' in point) {
      for (const method of ['app', 'max-log'] as const) {
        const carried = carriedBits(one, point.snrDb, config.softSymbols, method, rng);
        yield {
          system: `${one.name}, ${method === 'app' ? 'exact' : 'max-log'}`,
          rate,
          accuracy: {
            ...carried,
            unit: 'bit/symbol',
            metric: 'rate that the LLRs carry',
            stopRule: `${config.softSymbols} symbols`,
          },
          latency: latencyOf(one, 1200, symbolRate, method),
        };
      }
      return;
    }
    const channel = channels[point.channel]!(uncodedSnrDb(point.modulation, point.ebN0Db));
    const block = 1200;
    const result = await monteCarlo(linkTrials({ constellation: one, channel, code: block }), {
      rng,
      stop: { counter: 'bitErrors', target: config.errors, maxTrials: config.blocks },
      batchTrials: 50,
      signal,
      onProgress: progress,
    });
    yield {
      system: one.name,
      rate,
      accuracy: {
        ...result.rate('bitErrors', block, 'bitErrorsSquared'),
        unit: 'ratio',
        metric: 'bit error rate',
        stopRule: result.stopRule,
      },
      latency: latencyOf(one, block, symbolRate, 'max-log'),
    };
  },

  figures: (rows) => qamFigures(rows),
});
