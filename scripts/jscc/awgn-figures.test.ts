import type { Row } from 'semwave/pipeline';
import { describe, expect, it } from 'vitest';
import { syntheticRows } from '../../lib/report/synthetic.js';
import { awgnFigures } from './awgn-figures.js';

const names = (rows: readonly Row[]) =>
  awgnFigures(rows, { artefact: () => undefined }).map(({ name }) => name);

describe('the figures of jscc/awgn', () => {
  it('draw both channels, rate and latency of the whole sweep', () => {
    const whole = ['psnr-over-snr-awgn', 'psnr-over-snr-rayleigh', 'psnr-over-rate', 'latency'];
    expect(names(syntheticRows())).toEqual(whole);
  });

  it('are drawn for a part of the sweep that lacks the usual channel, ratio and SNR', () => {
    const part = syntheticRows().filter(
      ({ params }) => params.channel === 'rayleigh' && Number(params.ratio) > 0.3 && Number(params.snrDb) < 8,
    );
    expect(names(part)).toEqual(['psnr-over-snr-rayleigh', 'psnr-over-rate', 'latency']);
  });

  it('are none without rows', () => {
    expect(names([])).toEqual([]);
  });
});
