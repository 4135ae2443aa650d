import { describe, expect, it } from 'vitest';
import { InputError } from '../base/index.js';
import { bars, curve, PALETTE, type PlotFigure, pictureStrip, validateFigure } from './index.js';
import { syntheticRows } from './synthetic.js';

const rows = syntheticRows();
const awgn = (row: (typeof rows)[number]) => row.params.channel === 'awgn';
const figure = curve(rows, {
  x: 'snrDb',
  y: 'accuracy',
  facet: 'ratio',
  where: awgn,
  bounds: ['separation bound'],
});

function lines(of: PlotFigure) {
  return of.data.filter((trace) => trace.fill === undefined);
}

describe('curve', () => {
  it('draws one line for each system and facet, with the values of the rows in order of x', () => {
    expect(lines(figure)).toHaveLength(4 * 3);
    const adaptive = lines(figure).find((trace) => trace.name === 'adaptive' && trace.xaxis === 'x2');
    const own = rows.filter((row) => awgn(row) && row.system === 'adaptive' && row.params.ratio === 1 / 6);
    expect(adaptive?.x).toEqual([-2, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20]);
    expect(adaptive?.y).toEqual(own.map((row) => row.accuracy.value));
  });

  it('does not depend on the order of the rows', () => {
    const shuffled = curve([...rows].reverse(), {
      x: 'snrDb',
      y: 'accuracy',
      facet: 'ratio',
      where: awgn,
      systems: ['linear', 'deepjscc', 'adaptive', 'separation bound'],
      bounds: ['separation bound'],
    });
    expect(shuffled.data).toEqual(figure.data);
  });

  it('draws the interval as a band of the same colour, up one end and down the other', () => {
    const band = figure.data.find((trace) => trace.fill === 'toself' && trace.name === 'linear')!;
    const own = rows.filter((row) => awgn(row) && row.system === 'linear' && row.params.ratio === 1 / 12);
    const [low, high] = [0, 1].map((side) => own.map((row) => row.accuracy.ci95![side]!));
    const y = band.y as number[];
    y.slice(0, 12).forEach((value, i) => {
      expect(value).toBeCloseTo(high![i]!, 10);
    });
    y.slice(12).forEach((value, i) => {
      expect(value).toBeCloseTo(low!.at(-1 - i)!, 10);
    });
    expect(band.fillcolor).toBe('rgba(0,114,178,0.16)');
  });

  it('gives a system one colour and marker in all panels and figures, and one entry in the legend', () => {
    const other = curve(rows, {
      x: 'rate',
      y: 'accuracy',
      where: (row) => awgn(row) && row.params.snrDb === 10 && row.system !== 'linear',
    });
    const colourOf = (of: PlotFigure, name: string) =>
      new Set(
        lines(of)
          .filter((t) => t.name === name)
          .map((t) => JSON.stringify([t.line, t.marker])),
      );
    expect(colourOf(figure, 'adaptive').size).toBe(1);
    expect(colourOf(other, 'adaptive')).toEqual(colourOf(figure, 'adaptive'));
    expect(figure.data.filter((trace) => trace.showlegend)).toHaveLength(4);
    const colours = lines(figure).map((trace) => (trace.line as { color: string }).color);
    expect(new Set(colours)).toEqual(new Set([...PALETTE.slice(0, 3), '#3B3B3B']));
    const bound = lines(figure).find((trace) => trace.name === 'separation bound')!;
    expect([bound.mode, (bound.line as { dash: string }).dash]).toEqual(['lines', 'dash']);
  });

  it('names axes with units from the rows and panels with their value, on one shared y axis', () => {
    const layout = figure.layout as Record<string, { title?: { text: string }; matches?: string }>;
    expect(layout.xaxis?.title?.text).toBe('SNR (dB)');
    expect(layout.yaxis?.title?.text).toBe('PSNR (dB)');
    expect([layout.yaxis2?.matches, layout.yaxis3?.matches]).toEqual(['y', 'y']);
    expect((figure.layout.annotations as { text: string }[]).map((one) => one.text)).toEqual([
      '<b>Bandwidth ratio 1/12</b>',
      '<b>Bandwidth ratio 1/6</b>',
      '<b>Bandwidth ratio 1/3</b>',
    ]);
  });

  it('averages seeds, with the interval of the mean of independent estimates', () => {
    const [row] = rows;
    const shifted = { ...row!, seed: 2, accuracy: { ...row!.accuracy, value: row!.accuracy.value + 2 } };
    shifted.accuracy.ci95 = [shifted.accuracy.value - 0.3, shifted.accuracy.value + 0.3];
    const first = {
      ...row!,
      accuracy: {
        ...row!.accuracy,
        ci95: [row!.accuracy.value - 0.4, row!.accuracy.value + 0.4] as [number, number],
      },
    };
    const [line] = curve([first, shifted], { x: 'snrDb', y: 'accuracy' }).data;
    expect((line!.y as number[])[0]).toBeCloseTo(row!.accuracy.value + 1, 10);
    // sqrt(0.3² + 0.4²) / 2
    expect((line!.error_y as { array: number[] }).array[0]).toBeCloseTo(0.25, 10);
  });

  it('refuses rows that fall on one point but differ in a parameter', () => {
    expect(() => curve(rows, { x: 'snrDb', y: 'accuracy', facet: 'ratio' })).toThrow(
      /channel is awgn and rayleigh; allowed: one value \(choose by where or facet\)/,
    );
  });

  it('refuses what cannot be drawn: no rows, NaN, zero on a log axis', () => {
    expect(() => curve(rows, { x: 'snrDb', y: 'accuracy', where: () => false })).toThrow(InputError);
    const bad = (value: number) => [{ ...rows[0]!, accuracy: { ...rows[0]!.accuracy, value } }];
    expect(() => curve(bad(Number.NaN), { x: 'snrDb', y: 'accuracy' })).toThrow(/accuracy .* is NaN/);
    expect(() => curve(bad(0), { x: 'snrDb', y: 'accuracy', logY: true })).toThrow(/positive/);
    expect(() => curve(rows, { x: 'nothing', y: 'accuracy' })).toThrow(/nothing of a row .* undefined/);
  });

  it('writes powers of ten on a log axis and escapes markup in names', () => {
    const hostile = rows.filter(awgn).map((row) => ({ ...row, system: `<b>${row.system}` }));
    const drawn = curve(hostile, { x: 'snrDb', y: 'accuracy', facet: 'ratio', logY: true, title: 'a < b' });
    expect(drawn.layout.yaxis).toMatchObject({ type: 'log', tickmode: 'array' });
    expect(drawn.data[0]?.name).toBe('&lt;b&gt;linear');
    expect(drawn.layout.title).toMatchObject({ text: '<b>a &lt; b</b>' });
  });

  it('makes room for a legend of several rows', () => {
    const many = Array.from({ length: 9 }, (_, i) => ({
      ...rows[0]!,
      system: `a system with a long name, ${i}`,
      params: { snrDb: 0 },
    }));
    const [one, several] = [many.slice(0, 2), many].map((some) => curve(some, { x: 'snrDb', y: 'accuracy' }));
    const extra = Number(several!.layout.height) - Number(one!.layout.height);
    // Three to a row: two rows more.
    expect(extra).toBe(2 * 19);
    expect(several!.layout.margin).toMatchObject({
      t: Number((one!.layout.margin as { t: number }).t) + extra,
    });
  });

  it('draws a closed form dashed in the colour of what it foretells, which keeps points with error bars', () => {
    const errorRates = [0, 2, 4, 6, 8].flatMap((snrDb) => {
      const value = 10 ** (-snrDb / 2);
      const like = { ...rows[0]!, params: { snrDb } };
      const counted = { value, unit: 'ratio', metric: 'bit error rate' };
      return [
        { ...like, system: 'closed form', accuracy: counted },
        { ...like, system: 'other', accuracy: counted },
        {
          ...like,
          system: 'counted',
          accuracy: { ...counted, ci95: [0.9 * value, 1.1 * value] as [number, number] },
        },
      ];
    });
    const options = { x: 'snrDb', y: 'accuracy', logY: true } as const;
    const drawn = curve(errorRates, { ...options, theory: { 'closed form': 'counted' } });
    expect(drawn.data.map((trace) => [trace.name, trace.mode, trace.showlegend])).toEqual([
      ['other', 'lines+markers', true],
      ['counted', 'markers', true],
      ['closed form', 'lines', false],
    ]);
    const [, points, line] = drawn.data;
    expect(points!.error_y).toBeDefined();
    expect(line!.line).toMatchObject({ color: PALETTE[1], dash: 'dash' });
    expect(points!.marker).toMatchObject({ color: PALETTE[1] });
    expect(line!.legendgroup).toBe('counted');
    const plain = curve(errorRates, { ...options, theory: { 'closed form': 'counted' }, markers: false });
    expect(new Set(plain.data.map(({ mode }) => mode))).toEqual(new Set(['lines']));
    // Four decades: their powers alone are written.
    expect(drawn.layout.yaxis).toMatchObject({ dtick: 1 });
    expect(() => curve(errorRates, { ...options, theory: { 'closed form': 'none' } })).toThrow(
      'theory closed form of none; allowed: of a system drawn, other, counted',
    );
  });
});

describe('logarithmic axes', () => {
  it('name ones, twos and fives as numbers where they span less than two decades', () => {
    const budgets = [0.03, 0.1, 0.4].map((rate) => ({ ...rows[0]!, rate: { ...rows[0]!.rate, value: rate } }));
    const { layout } = curve(budgets, { x: 'rate', y: 'accuracy', logX: true });
    expect(layout.xaxis).toMatchObject({ ticktext: ['0.05', '0.1', '0.2', '0.5'] });
  });
});

describe('bars', () => {
  const drawn = bars(rows, {
    where: (row) => awgn(row) && row.params.snrDb === 10 && row.params.ratio === 1 / 6,
  });

  it('stacks the parts to the median and reaches to the 95th percentile, in milliseconds', () => {
    const stacked = drawn.data.filter((trace) => trace.type === 'bar');
    expect(stacked.map((trace) => trace.name)).toEqual(['encode', 'air', 'decode']);
    const total = stacked.reduce((sum, trace) => sum + (trace.x as number[])[0]!, 0);
    expect(total).toBeCloseTo(4 + 50 / 6 + 6, 9);
    const whisker = drawn.data.at(-1)!;
    expect((whisker.x as number[])[0]).toBeCloseTo(total, 9);
    expect((whisker.error_x as { array: number[] }).array[0]).toBeCloseTo(0.3 * 4 + 0.5 * 6, 9);
    expect(drawn.layout.xaxis).toMatchObject({ title: { text: 'Latency (ms)' } });
  });

  it('refuses mixed units', () => {
    const mixed = [rows[0]!, { ...rows[1]!, latency: { value: 1, unit: 'frames' } }];
    expect(() => bars(mixed)).toThrow(/units s, frames/);
  });
});

describe('validateFigure', () => {
  const changed = (change: Partial<PlotFigure>) => () => validateFigure({ ...figure, ...change });

  it('accepts what the builders make', () => {
    expect(() => validateFigure(figure)).not.toThrow();
    expect(() => validateFigure(bars(rows))).not.toThrow();
  });

  it('asks for a safe name, a title, a caption, units and finite numbers', () => {
    expect(changed({ name: '../x' })).toThrow(/name "\.\.\/x"/);
    expect(changed({ title: ' ' })).toThrow(/no title/);
    expect(changed({ caption: '' })).toThrow(/no caption/);
    expect(changed({ layout: { xaxis: { title: { text: 'SNR' } }, yaxis: {} } })).toThrow(
      /"SNR" without a unit/,
    );
    expect(changed({ layout: { xaxis: { title: { text: 'SNR (dB)' } }, yaxis: {} } })).toThrow(
      /no title on its y axis/,
    );
    expect(changed({ data: [{ type: 'scatter', x: [1, Number.NaN] }] })).toThrow(/NaN at data\.0\.x\.1/);
    expect(changed({ data: [] })).toThrow(/no traces/);
  });

  it('asks for axis titles even of a layout that names no axis', () => {
    expect(changed({ layout: {} })).toThrow(/no title on its x axis/);
  });
});

describe('pictureStrip', () => {
  it('refuses pictures that are no PNG and shapes that do not fit', () => {
    const options = {
      name: 's',
      title: 't',
      caption: 'c',
      rows: ['a'],
      columns: ['1', '2'],
      texts: [['x', 'y']],
    };
    expect(() => pictureStrip({ ...options, pictures: [[new Uint8Array(9), null]] })).toThrow(/not a PNG/);
    expect(() => pictureStrip({ ...options, pictures: [[null]] })).toThrow(/1 pictures; allowed: 2/);
    expect(() => pictureStrip({ ...options, pictures: [] })).toThrow(/0 rows of pictures/);
  });
});
