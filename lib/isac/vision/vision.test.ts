import { beforeAll, describe, expect, it } from 'vitest';
import { useEngine } from '../../engine/index.js';
import { mean, Rng, variance } from '../../math/index.js';
import { disposeTree } from '../../nn/index.js';
import {
  alignPhase,
  chipsOf,
  compareReceivers,
  defaultScene,
  depthView,
  drawPacket,
  fitAutoRegression,
  initTapNetwork,
  kalmanPredict,
  modulate,
  overTaps,
  personAt,
  picturesOf,
  predictTaps,
  renderDepth,
  tapScale,
  tapsAt,
  trainTapNetwork,
  visionData,
  walkThrough,
} from './index.js';

const { camera, room } = defaultScene;

describe('depth pictures', () => {
  const view = depthView(camera, room.size);

  it('of the empty room end at its walls', () => {
    for (let at = 0; at < view.background.length; at += 7) {
      const end = camera.position.map(
        (value, axis) => value + view.background[at]! * view.rays[3 * at + axis]!,
      );
      expect(Math.hypot(...view.rays.subarray(3 * at, 3 * at + 3))).toBeCloseTo(1, 12);
      const fromWall = Math.min(...end.map((value, axis) => Math.min(value, room.size[axis]! - value)));
      expect(Math.abs(fromWall)).toBeLessThan(1e-5);
    }
  });

  it('show a surface that lies on the person, and nothing else nearer than the walls', () => {
    const body = personAt(defaultScene, [4, 3]);
    const picture = renderDepth(view, body);
    let seen = 0;
    for (const [at, nearer] of picture.entries()) {
      if (nearer === 0) continue;
      seen++;
      const reach = view.background[at]! - nearer;
      const [x, y, z] = camera.position.map((value, axis) => value + reach * view.rays[3 * at + axis]!);
      const height = Math.max(0, z! - (body.heightMeters - body.radiusMeters));
      expect(Math.hypot(x! - body.x, y! - body.y, height)).toBeCloseTo(body.radiusMeters, 5);
      expect(z).toBeGreaterThanOrEqual(0);
    }
    expect(seen).toBeGreaterThan(20);
  });
});

describe('packets', () => {
  it('have the chips of IEEE 802.15.4, nearly orthogonal, and a constant envelope', () => {
    const word = (symbol: number) => [...chipsOf(symbol)].map((chip) => (chip > 0 ? 1 : 0)).join('');
    expect(word(0)).toBe('11011001110000110101001000101110');
    expect(word(1)).toBe('11101101100111000011010100100010');
    expect(word(15)).toBe('11001001011000000111011110111000');
    for (let a = 0; a < 16; a++)
      for (let b = 0; b < a; b++) {
        const product = chipsOf(a).reduce((sum, chip, i) => sum + chip * chipsOf(b)[i]!, 0);
        expect(Math.abs(product)).toBeLessThanOrEqual(8);
      }
    const samples = modulate([3, 9, 0]);
    for (let n = 4; n < 3 * 128; n++)
      expect(Math.hypot(samples[2 * n]!, samples[2 * n + 1]!)).toBeCloseTo(1, 12);
  });

  it('come through a channel of one tap as they are, plus noise of the power asked for', () => {
    const { samples } = drawPacket(50, Rng.of(1));
    const taps = new Float64Array(22);
    taps[11] = 2;
    const received = overTaps(samples, taps, 0.5, Rng.of(2));
    const noise = received.map(
      (value, i) => value - (i % 2 === 0 ? -2 * samples[i + 1]! : 2 * samples[i - 1]!),
    );
    // Standard error of the variance of 15 000 normal numbers: 1.2 %.
    expect(Math.abs(variance(noise) / 0.25 - 1)).toBeLessThan(0.04);
  });
});

describe('a Kalman filter', () => {
  const model = { first: 1.6, second: -0.7, noise: 1 };
  const rng = Rng.of('series');
  const series = new Float64Array(20_000);
  for (let t = 2; t < series.length; t++)
    series[t] = model.first * series[t - 1]! + model.second * series[t - 2]! + rng.normal();

  it('finds the autoregression that made a series', () => {
    const fitted = fitAutoRegression(series);
    // Standard error of a coefficient: sqrt((1 - second²) / n) = 0.005.
    expect(Math.abs(fitted.first - model.first)).toBeLessThan(0.02);
    expect(Math.abs(fitted.second - model.second)).toBeLessThan(0.02);
    expect(Math.abs(fitted.noise - 1)).toBeLessThan(0.04);
    expect(() => fitAutoRegression(new Float64Array(50))).toThrow('allowed: more than 10 that vary');
  });

  it('errs by the innovation alone without noise, and by what the impulse response says further ahead', () => {
    const { next, ahead } = kalmanPredict(model, series, { noise: 0, ahead: 3 });
    const error = (guess: Float64Array) => variance(series.map((value, t) => value - guess[t]!).subarray(50));
    expect(Math.abs(error(next) - 1)).toBeLessThan(0.04);
    // psi = 1, 1.6, 1.6² - 0.7: the variance of three steps is the sum of their squares.
    const expected = 1 + 1.6 ** 2 + (1.6 ** 2 - 0.7) ** 2;
    expect(Math.abs(error(ahead) / expected - 1)).toBeLessThan(0.08);
  });

  it('does better than the noisy look itself', () => {
    const looks = series.map((value) => value + 3 * rng.normal());
    const { next } = kalmanPredict(model, looks, { noise: 9, ahead: 1 });
    expect(variance(series.map((value, t) => value - next[t]!))).toBeLessThan(9);
  });
});

describe('what the radio feels', () => {
  it('is alike in mirrored places, and taps keep their energy when their phase is taken', () => {
    const taps = tapsAt(defaultScene, [3, 2]);
    const mirrored = tapsAt(defaultScene, [3, 4]);
    for (const [i, value] of taps.entries()) expect(mirrored[i]!).toBeCloseTo(value, 10);
    const aligned = alignPhase(taps, mirrored);
    expect(Math.hypot(...aligned)).toBeCloseTo(Math.hypot(...taps), 12);
  });

  it('is walked through at constant speed, within bounds', () => {
    const walk = walkThrough(defaultScene, 500, Rng.of(4));
    for (let i = 1; i < walk.length; i++)
      expect(Math.hypot(walk[i]![0] - walk[i - 1]![0], walk[i]![1] - walk[i - 1]![1])).toBeLessThan(
        1 / 30 + 1e-9,
      );
    expect(Math.min(...walk.map(([x]) => x))).toBeGreaterThanOrEqual(2);
    expect(Math.max(...walk.map(([, y]) => y))).toBeLessThanOrEqual(4.5);
  });
});

describe('receivers', () => {
  const rng = Rng.of('vision');
  const data = visionData(defaultScene, { trainFrames: 300, testFrames: 300 }, rng);
  beforeAll(() => useEngine('onnx'));

  it('rank as they must: the truth best, then fresh estimates before old ones, the mean by its definition', () => {
    const trial = { snrDb: -8, packets: 40, payloadSymbols: 8 };
    const all = compareReceivers(data, data.test.taps, trial, Rng.of(5));
    const error = (system: string) => all.find((one) => one.system === system)!.error!;
    expect(error('network')).toBe(0);
    expect(error('previous, 33 ms old')).toBeLessThan(error('previous, 100 ms old'));
    expect(error('previous, 100 ms old')).toBeLessThan(error('previous, 500 ms old'));
    expect(error('Kalman, 33 ms ahead')).toBeLessThan(error('Kalman, 100 ms ahead'));
    expect(all.find(({ system }) => system === 'genie')!.lost).toBeLessThan(40);
    const loud = compareReceivers(data, data.test.taps, { ...trial, snrDb: 40 }, Rng.of(5));
    expect(loud.every(({ lost }) => lost === 0)).toBe(true);
    expect(loud.find(({ system }) => system === 'preamble')!.error).toBeLessThan(1e-2);
    expect(() => compareReceivers(data, [], trial, rng)).toThrow('0 predicted taps; allowed: 300');
  });

  it('learn from pictures: a short training lowers the error, and runs alike twice', async () => {
    const pictures = picturesOf(defaultScene, data.training, rng.fork('noise'));
    const run = async (steps: number) => {
      const network = initTapNetwork(Rng.of(6), camera);
      const { history } = await trainTapNetwork(network, data, {
        pictures,
        steps,
        rng: Rng.of(7),
        batch: 16,
      });
      const predicted = await predictTaps(network, pictures.slice(0, 2), { camera, scale: tapScale(data) });
      disposeTree(network);
      return { losses: history.map(({ loss }) => loss), predicted };
    };
    const { losses } = await run(60);
    expect(mean(losses.slice(-20))).toBeLessThan(0.9 * mean(losses.slice(0, 20)));
    const first = await run(4);
    expect(await run(4)).toEqual(first);
  });
});
