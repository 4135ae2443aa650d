import { describe, expect, expectTypeOf, it } from 'vitest';
import { canonicalJson } from './canonical.js';
import { resolveConfig, resolvePoints } from './config.js';
import { defineExperiment } from './experiment.js';
import { editDistance, nearest } from './near.js';
import { param } from './params.js';

const experiment = defineExperiment({
  id: 'test/params',
  title: '',
  paper: '',
  purpose: '',
  params: {
    snrDb: param.grid({ unit: 'dB', from: -2, to: 2, step: 2, max: 20 }),
    ratio: param.grid([1 / 12, 1 / 6], { unit: 'channel uses per source value' }),
    channel: param.grid(['awgn', 'block Rayleigh']),
    images: param.count({ default: 6, max: 100 }),
    rate: param.number({ default: 1e-3, min: 0, max: 1 }),
    mode: param.choice(['fast', 'slow'], { default: 'slow' }),
    note: param.text({ default: '' }),
    train: param.boolean({ default: false }),
  },
  presets: { quick: { cost: 'none', images: 3 }, paper: { cost: 'none', images: 'all', snrDb: [0] } },
  // biome-ignore lint/correctness/useYield: only its types are looked at.
  async *measure(point, { config }) {
    expectTypeOf(point.snrDb).toEqualTypeOf<number>();
    expectTypeOf(point.channel).toEqualTypeOf<'awgn' | 'block Rayleigh'>();
    expectTypeOf(config.images).toEqualTypeOf<number | 'all'>();
    expectTypeOf(config.mode).toEqualTypeOf<'fast' | 'slow'>();
  },
  figures: () => [],
});

describe('config', () => {
  it('takes defaults, then the preset, then each --set in turn', () => {
    expect(resolveConfig(experiment, 'quick')).toMatchObject({
      images: 3,
      mode: 'slow',
      snrDb: [-2, 0, 2],
      train: false,
    });
    expect(resolveConfig(experiment, 'paper')).toMatchObject({ images: 'all', snrDb: [0] });
    const sets = [
      'images=5',
      'images=7',
      'rate=1/8',
      'mode=fast',
      'note=a=b c',
      'train=true',
      'snrDb=20',
      'channel=block Rayleigh',
    ];
    expect(resolveConfig(experiment, 'paper', sets)).toEqual({
      snrDb: [20],
      ratio: [1 / 12, 1 / 6],
      channel: ['block Rayleigh'],
      images: 7,
      rate: 0.125,
      mode: 'fast',
      note: 'a=b c',
      train: true,
    });
  });

  it('reads lists, from:to:step and fractions exactly', () => {
    expect(resolveConfig(experiment, 'quick', ['snrDb=-2:1:0.5']).snrDb).toEqual([
      -2, -1.5, -1, -0.5, 0, 0.5, 1,
    ]);
    expect(resolveConfig(experiment, 'quick', ['snrDb=3, 1']).snrDb).toEqual([3, 1]);
    expect(resolveConfig(experiment, 'quick', ['ratio=1/12']).ratio).toEqual([1 / 12]);
    expect(param.grid({ from: 0, to: 0.3, step: 0.1 }).default).toEqual([0, 0.1, 0.2, 0.3]);
  });

  it.each([
    ['images=0', 'images is "0"; allowed: integer from 1 to 100, or all'],
    ['images=some', 'images is "some"'],
    ['images=2.5', 'images is "2.5"'],
    ['rate=NaN', 'rate is "NaN"; allowed: number from 0 to 1'],
    ['rate=Infinity', 'rate is "Infinity"'],
    ['rate=1/0', 'rate is "1/0"'],
    ['rate=', 'rate is ""'],
    ['mode=slower', 'mode is "slower"; allowed: one of fast, slow'],
    ['train=yes', 'train is "yes"; allowed: true or false'],
    ['snrDb=21', 'snrDb is "21"; allowed: distinct numbers from -2 to 20 dB'],
    ['snrDb=0,0', 'snrDb is "0,0"; allowed: distinct'],
    ['snrDb=0:1:0', 'snrDb is "0:1:0"'],
    ['snrDb=', 'snrDb is ""'],
    ['ratio=1/7', 'ratio is "1/7"; allowed: one or more, separated by commas, of 0.0833333, 0.166667'],
    ['chanel=awgn', 'has no parameter "chanel"; did you mean channel? allowed: snrDb, ratio, channel'],
    ['__proto__=1', 'has no parameter "__proto__"'],
    ['images', '--set "images"; allowed: --set key=value'],
  ])('refuses %s in one line', (set, message) => {
    const attempt = () => resolveConfig(experiment, 'quick', [set]);
    expect(attempt).toThrow(
      expect.objectContaining({ name: 'InputError', message: expect.stringContaining(message) }),
    );
    expect(attempt).toThrow(/^[^\n]*$/);
  });

  it('refuses an unknown preset and a preset that sets no parameter', () => {
    expect(() => resolveConfig(experiment, 'constructor')).toThrow('allowed: quick, paper');
    const presets = { quick: { cost: '', imagess: 3 }, paper: { cost: '' } };
    expect(() => defineExperiment({ ...experiment, presets })).toThrow('preset quick sets imagess');
  });
});

describe('points', () => {
  it('are the product of the grids, the last varying fastest', () => {
    const points = resolvePoints(
      experiment,
      resolveConfig(experiment, 'quick', ['snrDb=0,5', 'channel=awgn']),
    );
    expect(points).toEqual([
      { snrDb: 0, ratio: 1 / 12, channel: 'awgn' },
      { snrDb: 0, ratio: 1 / 6, channel: 'awgn' },
      { snrDb: 5, ratio: 1 / 12, channel: 'awgn' },
      { snrDb: 5, ratio: 1 / 6, channel: 'awgn' },
    ]);
  });

  it('must be there, and differ', () => {
    const config = resolveConfig(experiment, 'quick');
    expect(() => resolvePoints({ ...experiment, points: () => [] }, config)).toThrow('no point to measure');
    expect(() =>
      resolvePoints(
        {
          ...experiment,
          points: () => [
            { a: 1, b: 2 },
            { b: 2, a: 1 },
          ],
        },
        config,
      ),
    ).toThrow('equal');
  });
});

describe('canonical JSON', () => {
  it('depends on the value and not on how it was written', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'ü"' }], a: -0 })).toBe(
      '{"a":0,"b":[1,{"c":"ü\\"","d":null}]}',
    );
    expect(canonicalJson({ x: 1 / 12 })).toBe('{"x":0.08333333333333333}');
  });

  it('refuses what JSON would turn into something else', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => canonicalJson([bad])).toThrow(TypeError);
    expect(() => canonicalJson({ f: (() => 0) as never })).toThrow(TypeError);
  });
});

describe('near names', () => {
  it('counts a swap of neighbours as one slip', () => {
    expect([editDistance('kitten', 'sitting'), editDistance('snr', 'srn'), editDistance('', 'abc')]).toEqual([
      3, 1, 3,
    ]);
  });

  it('finds a slip and a name without its family, and nothing for a name that is far', () => {
    expect(nearest('jsc/awgn', ['jscc/awgn', 'v2x/fusion'])).toEqual(['jscc/awgn']);
    expect(nearest('awgn', ['jscc/awgn', 'v2x/fusion'])).toEqual(['jscc/awgn']);
    expect(nearest('teleport', ['jscc/awgn', 'v2x/fusion'])).toEqual([]);
  });
});
