import type { Row } from 'semwave/pipeline';
import { validateFigure } from 'semwave/report';
import { describe, expect, it } from 'vitest';
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
