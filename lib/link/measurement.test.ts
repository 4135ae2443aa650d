import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMeasurement, type Measurement, parseMeasurement, requireMeasurement } from './measurement.js';

const row: Measurement = {
  experiment: 'jscc/awgn',
  system: 'linear',
  params: { snrDb: 10, channel: 'awgn', images: 6, exact: true },
  seed: 7,
  rate: { value: 1 / 6, unit: 'channel uses per source value' },
  accuracy: { value: 27.31, unit: 'dB', metric: 'PSNR', ci95: [27.1, 27.5], stopRule: '6 pictures' },
  latency: {
    value: 0.012,
    unit: 's',
    encodeSec: { median: 0.01, p95: 0.02 },
    decodeSec: { median: 0.002, p95: 0.003 },
  },
};

describe('measurement lines', () => {
  it('come back as they went, on one line', () => {
    const line = formatMeasurement(row);
    expect(line).not.toContain('\n');
    expect(parseMeasurement(line)).toEqual(row);
    const text = fc.string({ minLength: 1 });
    const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0);
    const scalar = fc.oneof(number, fc.string(), fc.boolean());
    fc.assert(
      fc.property(
        text,
        text,
        fc.dictionary(text, scalar, { noNullPrototype: true }),
        number,
        (experiment, system, params, value) => {
          const some = { ...row, experiment, system, params, accuracy: { ...row.accuracy, value } };
          expect(parseMeasurement(formatMeasurement(some))).toEqual(some);
          expect(formatMeasurement(some)).not.toMatch(/[\n\r]/);
        },
      ),
      { numRuns: 200, seed: 1 },
    );
  });

  it('are the same text whatever the order of the keys', () => {
    const { latency, accuracy, rate, seed, params, system, experiment } = row;
    const shuffled = {
      latency: {
        decodeSec: latency.decodeSec,
        encodeSec: latency.encodeSec,
        unit: 's',
        value: latency.value,
      },
      accuracy: Object.fromEntries(Object.entries(accuracy).reverse()),
      rate,
      seed,
      params: Object.fromEntries(Object.entries(params).reverse()),
      system,
      experiment,
    };
    expect(formatMeasurement(requireMeasurement(shuffled))).toBe(formatMeasurement(row));
    expect(formatMeasurement(row)).toBe(
      '{"experiment":"jscc/awgn","system":"linear","params":{"channel":"awgn","exact":true,"images":6,"snrDb":10},' +
        '"seed":7,"rate":{"value":0.16666666666666666,"unit":"channel uses per source value"},' +
        '"accuracy":{"value":27.31,"unit":"dB","metric":"PSNR","ci95":[27.1,27.5],"stopRule":"6 pictures"},' +
        '"latency":{"value":0.012,"unit":"s","encodeSec":{"median":0.01,"p95":0.02},"decodeSec":{"median":0.002,"p95":0.003}}}',
    );
  });

  it('take a seed and parameters of text', () => {
    expect(parseMeasurement(formatMeasurement({ ...row, seed: 'run-1' })).seed).toBe('run-1');
    const odd = parseMeasurement(formatMeasurement(row).replace('"channel":"awgn"', '"__proto__":"x"'));
    expect(Object.getPrototypeOf(odd.params)).toBe(Object.prototype);
  });

  it('are refused in one line that names the field', () => {
    const without = (key: string) => JSON.stringify({ ...row, [key]: undefined });
    const broken: readonly (readonly [string, string])[] = [
      ['', 'not JSON'],
      ['{"experiment":', 'not JSON'],
      ['[]', 'measurement: '],
      ['null', 'measurement: '],
      [without('system'), 'measurement: system'],
      [without('latency'), 'measurement: latency'],
      [JSON.stringify({ ...row, experiment: '' }), 'measurement: experiment'],
      [JSON.stringify({ ...row, extra: 1 }), 'extra'],
      [JSON.stringify({ ...row, seed: null }), 'measurement: seed'],
      [JSON.stringify({ ...row, params: { a: [1] } }), 'measurement: params.a'],
      [JSON.stringify({ ...row, rate: { value: '1', unit: 'b' } }), 'measurement: rate.value'],
      [JSON.stringify({ ...row, rate: { value: 1 } }), 'measurement: rate.unit'],
      [JSON.stringify({ ...row, accuracy: { ...row.accuracy, ci95: [2, 1] } }), 'low end lies above'],
      [JSON.stringify({ ...row, accuracy: { ...row.accuracy, ci95: [2] } }), 'measurement: accuracy.ci95'],
      [
        JSON.stringify({ ...row, latency: { ...row.latency, encodeSec: 3 } }),
        'measurement: latency.encodeSec',
      ],
      [`"${'x'.repeat(2 ** 20)}"`, 'characters'],
    ];
    for (const [line, message] of broken) {
      expect(() => parseMeasurement(line)).toThrow(message);
      expect(() => parseMeasurement(line)).toThrow(/^[^\n]{1,300}$/);
      expect(() => parseMeasurement(line)).toThrow(expect.objectContaining({ name: 'InputError' }));
    }
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => formatMeasurement({ ...row, accuracy: { ...row.accuracy, value } })).toThrow(
        'accuracy.value',
      );
    }
  });
});
