import { Rng } from 'semwave/math';
import { ldpcCode, monteCarlo } from 'semwave/phy';
import { defineExperiment, type NewRow, param } from 'semwave/pipeline';
import { blockErrors, snrDbOf } from './coded.js';
import { caseNames, caseOf, decoders } from './ldpc-cases.js';
import { ldpcFigures } from './ldpc-figures.js';
import {
  type Combining,
  combinings,
  harqBlock,
  harqRows,
  harqTrials,
  lostBlocks,
  most,
} from './ldpc-harq.js';

export default defineExperiment({
  id: 'phy/ldpc',
  title: 'NR LDPC codes: decoders, modulations, retransmissions',
  paper: '3GPP TS 38.212; Chen, Fossorier 2002 (min-sum); Polyanskiy, Poor, Verdú 2010',
  purpose: 'block error rate and time of three decoders beside the normal approximation; HARQ throughput',
  params: {
    code: param.grid(caseNames, { about: 'modulation, coded and information bits' }),
    decoder: param.grid(decoders, { about: 'flooding in doubles, layered in floats, layered in 8 bits' }),
    ebN0Db: param.grid({
      unit: 'dB',
      from: 0.5,
      to: 9.75,
      step: 0.25,
      about: 'Eb/N0 over AWGN; points off the waterfall of a code are left out',
    }),
    combining: param.grid(Object.keys(combinings) as Combining[], {
      about: `what a QPSK (${harqBlock.n}, ${harqBlock.k}) block is sent again as, ${most} times in all`,
    }),
    snrDb: param.grid({
      unit: 'dB',
      from: -6,
      to: 7,
      step: 0.5,
      min: -20,
      max: 40,
      about: 'Es/N0 of a transmission',
    }),
    iterations: param.integer({ default: 20, min: 1, max: 1000, about: 'iterations at most' }),
    blockErrors: param.integer({ default: 400, min: 10, max: 1e6, about: 'block errors that end a point' }),
    blocks: param.integer({ default: 100_000, min: 1, max: 1e9, about: 'blocks that end a point' }),
    sumProductBlocks: param.integer({
      default: 20_000,
      min: 1,
      max: 1e9,
      about: 'the same for sum-product, which takes much longer',
    }),
  },
  presets: {
    quick: {
      cost: '1 minute on two cores',
      ebN0Db: [0.5, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 8.25, 8.5, 8.75, 9, 9.25],
      snrDb: Array.from({ length: 21 }, (_, index) => index / 2 - 4.5),
      blockErrors: 100,
      blocks: 2000,
      sumProductBlocks: 400,
    },
    paper: { cost: '90 minutes on two cores' },
  },

  points({ code, decoder, ebN0Db, combining, snrDb }) {
    const onWaterfall = (name: string, db: number) => db >= caseOf(name).from && db <= caseOf(name).to;
    const waterfalls = code.flatMap((name) =>
      decoder.flatMap((one) =>
        ebN0Db.filter((db) => onWaterfall(name, db)).map((db) => ({ code: name, decoder: one, ebN0Db: db })),
      ),
    );
    return [...waterfalls, ...combining.flatMap((one) => snrDb.map((db) => ({ combining: one, snrDb: db })))];
  },

  async *measure(point, { config, rng, seed, signal, progress }): AsyncGenerator<NewRow> {
    const run = { batchTrials: 50, signal, onProgress: progress };
    if ('combining' in point) {
      const result = await monteCarlo(harqTrials(point.combining, point.snrDb), {
        ...run,
        rng,
        stop: { counter: lostBlocks, target: config.blockErrors, maxTrials: config.blocks },
      });
      yield* harqRows(point.combining, result);
      return;
    }
    const { points, k, n } = caseOf(point.code);
    const { decoder, ebN0Db } = point;
    const code = ldpcCode({
      k,
      n,
      bitsPerSymbol: points.bitsPerSymbol,
      decoder,
      iterations: config.iterations,
    });
    const maxTrials = decoder === 'sum-product' ? config.sumProductBlocks : config.blocks;
    const counted = await blockErrors(code, points, snrDbOf(code, points, ebN0Db), {
      ...run,
      // Not the point's own stream: all decoders meet the same blocks and noise.
      rng: Rng.of(seed).fork('phy/ldpc').fork(point.code).fork(ebN0Db),
      stop: { counter: 'blockErrors', target: config.blockErrors, maxTrials },
    });
    yield { system: decoder, ...counted };
  },

  figures: (rows, { config }) => ldpcFigures(rows, 0.5 / config.blocks),
});
