import { Rng } from 'semwave/math';
import { monteCarlo } from 'semwave/phy';
import type { Row } from 'semwave/pipeline';
import { validateFigure } from 'semwave/report';
import { describe, expect, it } from 'vitest';
import ldpc from './ldpc.js';
import { ldpcFigures } from './ldpc-figures.js';
import { throughput } from './ldpc-harq.js';
import limits from './limits.js';
import { limitFigures } from './limits-figures.js';
import qam from './qam.js';
import { qamFigures } from './qam-figures.js';

const latency = { value: 1e-3, unit: 's' };
const rate = { value: 2, unit: 'bit/symbol' };

function row(system: string, params: Row['params'], accuracy: number, metric = 'bit error rate'): Row {
  return {
    experiment: 'phy',
    system,
    params,
    seed: 1,
    rate,
    accuracy: { value: accuracy, unit: 'ratio', metric },
    latency,
  };
}

describe('the figures of phy/qam', () => {
  const counted = [0, 4, 8].map((ebN0Db) =>
    row('16-QAM', { channel: 'rayleigh', modulation: '16-QAM', ebN0Db }, ebN0Db === 8 ? 0 : 0.1),
  );
  const soft = [5, 10].flatMap((snrDb) =>
    ['exact', 'max-log'].map((method) =>
      row(`8-PSK, ${method}`, { soft: true, modulation: '8-PSK', snrDb }, 2, 'rate'),
    ),
  );

  it('are drawn of what was swept, points without an error left out', () => {
    const [errorRates, ...others] = qamFigures([...counted, ...soft]);
    expect(others.map(({ name }) => name)).toEqual(['carried-rate', 'max-log-loss', 'latency']);
    expect(errorRates!.name).toBe('error-rate-rayleigh');
    const points = 'data' in errorRates! ? errorRates.data.find(({ mode }) => mode === 'markers') : undefined;
    expect(points?.x).toEqual([0, 4]);
    for (const figure of [errorRates!, ...others]) validateFigure(figure);
    expect(qamFigures([])).toEqual([]);
  });

  it('stand on points whose closed form is above the least error rate', () => {
    const config = {
      modulation: ['QPSK'],
      channel: ['awgn'],
      ebN0Db: [0, 4, 8, 12],
      leastErrorRate: 1e-4,
      softSymbols: 0,
      softSnrDb: 5,
    } as unknown as Parameters<typeof qam.points>[0];
    expect(qam.points(config).map((point) => 'ebN0Db' in point && point.ebN0Db)).toEqual([0, 4, 8]);
  });
});

describe('the figures of phy/limits', () => {
  it('are drawn of what was swept', () => {
    const rows = [
      row('AWGN capacity', { limit: 'rate', snrDb: 0, ebN0Db: 0 }, 0),
      row('QPSK', { limit: 'block', blockLength: 100 }, 1e-3),
      row('QPSK, no limit', { limit: 'block', blockLength: 100 }, 0),
    ];
    const names = limitFigures(rows, { blockSnrDb: 10, blockErrorRate: 1e-3 }).map(({ name }) => name);
    expect(names).toEqual([
      'rate-over-snr-fading',
      'rate-over-snr-qam',
      'rate-over-eb-n0',
      'rate-over-block-length',
    ]);
    expect(limitFigures([], { blockSnrDb: 10, blockErrorRate: 1e-3 })).toEqual([]);
    expect(limits.id).toBe('phy/limits');
  });
});

describe('the figures of phy/ldpc', () => {
  const waterfall = [1, 2].flatMap((ebN0Db) =>
    ['sum-product', 'min-sum-int8'].map((decoder) =>
      row(decoder, { code: 'QPSK (1000, 500)', decoder, ebN0Db }, 0.5 / ebN0Db ** 7, 'block error rate'),
    ),
  );
  const harq = [-4, 0].flatMap((snrDb) =>
    ['2 transmissions', 'Chase combining'].map((system) =>
      row(system, { combining: 'Chase combining', snrDb }, 0.1, 'block error rate'),
    ),
  );

  it('are drawn of what was swept, with Sionna and the bound beside it', () => {
    const figures = ldpcFigures([...waterfall, ...harq], 1e-3);
    expect(figures.map(({ name }) => name)).toEqual([
      'block-errors-qpsk',
      'time-qpsk',
      'harq-throughput',
      'harq-block-errors',
    ]);
    for (const figure of figures) validateFigure(figure);
    const published =
      'data' in figures[0]! ? figures[0].data.find(({ name }) => name === 'Sionna, sum-product') : undefined;
    expect(published?.x).toEqual([1, 1.25, 1.5, 1.75, 2]);
    expect(ldpcFigures([], 1e-3)).toEqual([]);
  });

  it('leave out points off a waterfall', () => {
    const config = {
      code: ['QPSK (1000, 500)'],
      decoder: ['min-sum'],
      ebN0Db: [0, 1, 9],
      combining: [],
      snrDb: [],
    };
    const points = ldpc.points(config as unknown as Parameters<typeof ldpc.points>[0]);
    expect(points).toEqual([{ code: 'QPSK (1000, 500)', decoder: 'min-sum', ebN0Db: 1 }]);
  });

  it('tell the throughput of a link that needs one, two or four transmissions, and its interval', async () => {
    // Of ten blocks, six need one transmission, two need two, one needs four and one is lost after four.
    const failed = { 'failed after 1': 4, 'failed after 2': 2, 'failed after 3': 2, 'failed after 4': 1 };
    const result = await monteCarlo(() => failed, {
      rng: Rng.of(1),
      stop: { counter: 'failed after 4', target: 100, maxTrials: 1000 },
      batchTrials: 10,
    });
    const { value, ci95 } = throughput(result);
    const perUse = 1000 / 600;
    expect(value).toBeCloseTo((perUse * 9) / 18, 12);
    // Residuals d - t / 2 of the blocks: 1/2, 0, -1, -2.
    const spread = (6 * 0.25 + 1 + 4) / 10;
    expect(ci95[1] - value).toBeCloseTo((perUse * 1.96 * Math.sqrt(spread / 1000)) / 1.8, 12);
  });
});
