import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { sensingFeatures } from './features.js';
import { gestureNames, gestureScene, type Person, simulateGestures, spread } from './gestures.js';
import { amplitudes } from './recording.js';

const setup = { people: 2, repetitions: 2, links: 3, snrDb: 30 };
const person: Person = { position: [3, 2.5, 1.2], heading: 0, strokeSec: 0.6, reachMeters: 0.4 };

describe('simulated gestures', () => {
  it('depend on the stream and the setup only, and a sample on nobody else', () => {
    const [once, again] = [1, 1].map(() => simulateGestures(setup, Rng.of(4)));
    const more = simulateGestures({ ...setup, people: 3, repetitions: 3 }, Rng.of(4));
    expect(once!.length).toBe(2 * gestureNames.length * 2);
    expect(again).toEqual(once);
    expect(more[0]!.csi.values).toEqual(once![0]!.csi.values);
    expect(simulateGestures(setup, Rng.of(5))[0]!.csi.values).not.toEqual(once![0]!.csi.values);
  });

  it('have the noise that is asked for', () => {
    const scene = (snrDb: number) =>
      gestureScene({ links: 1, snrDb, packets: 200 }).perform(person, 0, Rng.of(1)).values;
    const clean = scene(100);
    const power = (values: Float32Array) => values.reduce((sum, value) => sum + value * value, 0);
    const noiseAt = (snrDb: number) => power(scene(snrDb).map((value, index) => value - clean[index]!));
    expect(noiseAt(10) / noiseAt(20)).toBeCloseTo(10, 1);
    // The hand adds to the power of the room without it, which sets the noise: here by up to 1.5 dB.
    const snrDb = 10 * Math.log10(power(clean) / noiseAt(10));
    expect(Math.abs(snrDb - 10.75)).toBeLessThan(0.85);
  });

  it('obey reciprocity and the free-space distance of their images', () => {
    const [a, b] = [[1, 2, 1.5] as const, [4, 3, 1] as const];
    const [there, back] = [spread(a, b, 13), spread(b, a, 13)];
    there.forEach((value, k) => {
      expect(value).toBeCloseTo(back[k]!, 12);
    });
    // Close to the source the line of sight prevails: amplitude 1 / distance.
    const near = spread([4.01, 3, 1], b, 13);
    expect(Math.hypot(near[0]!, near[1]!)).toBeGreaterThan(98);
    expect(Math.hypot(near[0]!, near[1]!)).toBeLessThan(102);
  });

  it('change the channel while the hand moves and leave it alone before and after', () => {
    const scene = gestureScene({ links: 3, snrDb: 100, packets: 100 });
    const size = amplitudes(scene.perform({ ...person, strokeSec: 0.4 }, 4, Rng.of(2)));
    const change = (packet: number) => {
      const columns = 3 * 13;
      let sum = 0;
      for (let k = 0; k < columns; k++) {
        sum += Math.abs(size[(packet + 1) * columns + k]! - size[packet * columns + k]!);
      }
      return sum;
    };
    const changes = Array.from({ length: 99 }, (_, packet) => change(packet));
    expect(Math.min(changes[0]!, changes[98]!)).toBeLessThan(Math.max(...changes) / 100);
  });

  it('refuse what is out of range', () => {
    expect(() => gestureScene({ links: 4, snrDb: 30 })).toThrow(
      'links is 4; allowed: an integer from 1 to 3',
    );
    expect(() => simulateGestures({ ...setup, people: 0 }, Rng.of(1))).toThrow('people is 0');
    expect(() => gestureScene({ links: 1, snrDb: Number.NaN })).toThrow('snrDb is NaN');
  });
});

describe('features', () => {
  it.each([1, 3])('do not see the phase of a packet nor the gain of a sample, with %i links', (links) => {
    const [one] = simulateGestures({ ...setup, links }, Rng.of(6));
    const { packets, subcarriers, values } = one!.csi;
    const turned = values.slice();
    const each = 2 * links * subcarriers;
    for (let at = 0; at < values.length; at += 2) {
      const angle = 1.7 * Math.floor(at / each);
      const [re, im] = [values[at]!, values[at + 1]!];
      turned[at] = 5 * (re * Math.cos(angle) - im * Math.sin(angle));
      turned[at + 1] = 5 * (re * Math.sin(angle) + im * Math.cos(angle));
    }
    const [plain, other] = [sensingFeatures(one!.csi), sensingFeatures({ ...one!.csi, values: turned })];
    expect(plain.shape).toEqual([packets, subcarriers, 2 * links]);
    plain.values.forEach((value, index) => {
      expect(Math.abs(value - other.values[index]!)).toBeLessThan(1e-3);
    });
  });

  it('have unit mean square in each channel', () => {
    const [one] = simulateGestures(setup, Rng.of(6));
    const { values, shape } = sensingFeatures(one!.csi);
    for (let channel = 0; channel < shape[2]; channel++) {
      const own = values.filter((_, index) => index % shape[2] === channel);
      expect(own.reduce((sum, value) => sum + value * value, 0) / own.length).toBeCloseTo(1, 4);
    }
  });
});
