import { InputError } from 'semwave/base';
import { Rng } from 'semwave/math';
import type { Row } from 'semwave/pipeline';
import { expect, it } from 'vitest';
import aerial from './aerial.js';
import { aerialFigures } from './aerial-figures.js';
import { ageFigures } from './age-figures.js';
import latency from './latency.js';
import { lossFigures } from './loss-figures.js';
import { framesOf } from './over-the-air-frames.js';

const row = (system: string, params: Row['params'], sec = 0): Row => ({
  ...{ experiment: 'v2x/test', system, params, seed: 1 },
  rate: { value: 1, unit: 'KB/frame', metric: 'bytes' },
  accuracy: { value: 0.5, unit: 'ratio', metric: 'AP' },
  latency: { value: sec, unit: 's', metric: 'age' },
});
const names = (figures: readonly { readonly name: string }[]) => figures.map(({ name }) => name);

it('a radio over which nothing arrived has no point', () => {
  const onAir = { strategy: 'early', medium: 'NR sidelink' };
  const silent = [
    row('none', { ...onAir, arrivedPerFrame: 0 }),
    row('early', { ...onAir, arrivedPerFrame: 0 }),
  ];
  expect(names(lossFigures(silent))).toEqual([]);
  const late = row('late', { ...onAir, arrivedPerFrame: 3 }, 0.01);
  expect(names(lossFigures([...silent, late]))).toEqual(['ap-over-radio']);
});

it('ages without end have no figure', () => {
  const params = { periodSec: 0.5, bitWeight: 0.15, capacity: 5 };
  const [endless, short] = [row('i.i.d.', params), row('i.i.d.', { ...params, queuedAge: 3 })];
  expect(names(ageFigures([endless]))).toEqual(['moda-over-bytes', 'bytes-over-period']);
  expect(names(ageFigures([short]))).toContain('age-over-period');
});

it('delays are of the lowest altitude, in whatever order altitudes are given', () => {
  const config = { altitude: [55, 25], delay: [0.2], overlap: [0.5] };
  const numbers = { scenes: 1, frames: 10, beams: 16, uavBeams: 64 };
  const points = aerial.points({ ...config, ...numbers });
  expect(points).toEqual([
    { altitude: 55, delay: 0 },
    { altitude: 25, delay: 0 },
    { altitude: 25, delay: 0.2 },
  ]);
  const rows = points.map((point) => row('late', { ...point, overlap: 0.5 }));
  const delayed = aerialFigures(rows).find(({ name }) => name === 'ap-over-delay');
  expect(delayed && 'table' in delayed && delayed.table?.rows.length).toBe(2);
});

it('a crossing over the air lasts as long as the most frames that it may have', () => {
  const frames = framesOf(Rng.of(1), 60);
  expect(frames.map(({ index }) => index)).toEqual(Array.from({ length: 60 }, (_, n) => 3 * n));
});

it('delays between frames give one line', () => {
  const config = { scenes: 1, frames: 1, minIou: 0.5 };
  expect(latency.points({ ...config, delayMs: [0, 1000] }).length).toBe(14);
  expect(() => latency.points({ ...config, delayMs: [150] })).toThrow(InputError);
});
