import { Rng } from 'semwave/math';
import { constellation, polarCode } from 'semwave/phy';
import { defineExperiment, param } from 'semwave/pipeline';
import { curve } from 'semwave/report';
import { blockErrors, bound, boundRows, snrDbOf } from './coded.js';

/** Coded and information bits. */
const codes = ['(128, 64)', '(1024, 512)'] as const;
const qpsk = constellation('qam', 4);

/** `(128, 64)` */
function sizeOf(code: string) {
  const [n, k] = code.match(/\d+/g)!.map(Number) as [number, number];
  return { k, n };
}

const systemOf = (listSize: number): string =>
  listSize === 1 ? 'successive cancellation' : `list ${listSize}`;

export default defineExperiment({
  id: 'phy/polar',
  title: 'NR polar codes: successive cancellation and its lists',
  paper: 'Tal, Vardy 2015; Balatsoukas-Stimming, Bastani Parizi, Burg 2015; Polyanskiy, Poor, Verdú 2010',
  purpose: 'block error rate and decoding time of CRC-aided lists beside the normal approximation',
  params: {
    code: param.grid(codes, { about: 'coded and information bits; a CRC of 11 bits stands among the coded' }),
    listSize: param.grid([1, 2, 8, 32], { about: 'paths of the decoder, at most 32' }),
    ebN0Db: param.grid({
      unit: 'dB',
      from: 0,
      to: 4,
      step: 0.25,
      min: -10,
      max: 20,
      about: 'Eb/N0, QPSK over AWGN',
    }),
    blockErrors: param.integer({ default: 400, min: 10, max: 1e6, about: 'block errors that end a point' }),
    blocks: param.integer({ default: 400_000, min: 1, max: 1e9, about: 'blocks that end a point' }),
  },
  presets: {
    quick: {
      cost: '1 minute on two cores',
      ebN0Db: [0, 0.5, 1, 1.5, 2, 2.5, 3],
      blockErrors: 50,
      blocks: 10_000,
    },
    paper: { cost: '40 minutes on two cores' },
  },

  async *measure({ code, listSize, ebN0Db }, { config, seed, signal, progress }) {
    const { k, n } = sizeOf(code);
    const polar = polarCode({ k, n, listSize });
    const counted = await blockErrors(polar, qpsk, snrDbOf(polar, qpsk, ebN0Db), {
      // Not the point's own stream: all list sizes meet the same blocks and noise.
      rng: Rng.of(seed).fork('phy/polar').fork(code).fork(ebN0Db),
      stop: { counter: 'blockErrors', target: config.blockErrors, maxTrials: config.blocks },
      batchTrials: 100,
      signal,
      onProgress: progress,
    });
    yield { ...counted, system: systemOf(listSize) };
  },

  figures(rows, { config }) {
    const own = config.listSize.map(systemOf);
    const least = 0.5 / config.blocks;
    const bounds = codes.flatMap((code) =>
      boundRows(
        rows.filter(({ params }) => params.code === code),
        sizeOf(code),
        qpsk,
      ),
    );
    return [
      curve([...rows, ...bounds], {
        name: 'block-errors',
        title: 'NR polar codes over AWGN',
        caption:
          'Block error rate of QPSK by Eb/N0, with 95 % intervals, beside what the best code of this length is ' +
          'expected to reach. Lists choose by a CRC of 11 bits, which successive cancellation only carries along.',
        x: 'ebN0Db',
        y: 'accuracy',
        facet: 'code',
        where: ({ accuracy }) => accuracy.value > least,
        systems: [...own, bound],
        bounds: [bound],
        xTitle: 'Eb/N0 (dB)',
        yTitle: 'block error rate (errors per block)',
        logY: true,
      }),
      curve(rows, {
        name: 'decoding-time',
        title: 'Time to decode a block',
        caption: 'Mean time of the decoder in one thread of this machine.',
        x: 'ebN0Db',
        y: 'latency',
        facet: 'code',
        systems: own,
        xTitle: 'Eb/N0 (dB)',
        yTitle: 'time a block (ms)',
        logY: true,
      }),
    ];
  },
});
