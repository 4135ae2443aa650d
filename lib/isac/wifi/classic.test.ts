import { describe, expect, it } from 'vitest';
import { Rng } from '../../math/index.js';
import { classicCrossPerson, classicInDomain, type PersonProfile } from './classic.js';
import { nearestNeighbour, ridgeClassifier, standardiser } from './classifiers.js';
import { dopplerProfile } from './doppler.js';
import { type GestureSetup, simulateGestures } from './gestures.js';
import type { CsiRecording } from './recording.js';

/** A path of amplitude 0.1 whose phase turns `cycles` times in the recording, seen by the first of `links` antennas. */
function turningPath(cycles: number, links: number, packets = 40): CsiRecording {
  const values = new Float32Array(2 * packets * links);
  for (let packet = 0; packet < packets; packet++) {
    const angle = (2 * Math.PI * cycles * packet) / packets;
    for (let link = 0; link < links; link++) values[2 * (packet * links + link)] = 1;
    values[2 * packet * links]! += 0.1 * Math.cos(angle);
    values[2 * packet * links + 1]! += 0.1 * Math.sin(angle);
  }
  return { packets, links, subcarriers: 1, values };
}

const strongest = (spectrum: Float64Array) => spectrum.indexOf(Math.max(...spectrum));

describe('the Doppler profile', () => {
  it.each([3, -5])(
    'shows a path that turns %i times at its signed frequency, with several links',
    (cycles) => {
      const profile = dopplerProfile(turningPath(cycles, 2));
      const [own, next] = [profile.subarray(0, 40), profile.subarray(40)];
      expect(strongest(own)).toBe((cycles + 40) % 40);
      expect(strongest(next)).toBe((40 - cycles) % 40);
      // The amplitude over the mean size of the product, which the path raises by its square over 4.
      expect(own[(cycles + 40) % 40]! / 40).toBeCloseTo(0.1 / (1 + 0.1 ** 2 / 4), 6);
      expect(own[0]).toBeCloseTo(0, 9);
    },
  );

  it('does not see the sign with one link', () => {
    const profile = dopplerProfile(turningPath(3, 1));
    expect(profile[3]).toBeCloseTo(profile[37]!, 9);
    expect(profile[3]! / 40).toBeCloseTo(0.1 / 1.01, 6);
  });

  it('is of zeros for a silent recording', () => {
    const silent = { packets: 4, links: 1, subcarriers: 2, values: new Float32Array(16) };
    expect([...dopplerProfile(silent)]).toEqual([0, 0, 0, 0]);
  });
});

describe('classifiers', () => {
  const v = (...values: number[]) => Float64Array.from(values);

  it('standardise by what they are given', () => {
    const scale = standardiser([v(1, 5), v(3, 5)]);
    expect([scale(v(1, 5)), scale(v(4, 9))]).toEqual([v(-1, 0), v(2, 0)]);
  });

  it('take the side of the plane, and the nearest vector', () => {
    const [vectors, labels] = [
      [v(-1, 0), v(-2, 1), v(1, 0), v(2, -1)],
      [4, 4, 9, 9],
    ];
    for (const build of [ridgeClassifier, nearestNeighbour]) {
      const classify = build(vectors, labels);
      expect([v(-3, 0.5), v(0.7, 0)].map(classify)).toEqual([4, 9]);
      expect(() => build([], [])).toThrow('0 vectors and 0 labels; allowed: as many, 1 or more');
    }
  });

  it('reach what two overlapping normal classes allow', () => {
    const rng = Rng.of('normal');
    const draw = (count: number) =>
      Array.from({ length: count }, (_, index) => {
        const label = index % 2;
        return { label, vector: v(rng.normal(2 * label, 1), rng.normal(0, 1)) };
      });
    const known = draw(2000);
    const classify = ridgeClassifier(
      known.map(({ vector }) => vector.map((value, at) => value - 1 + at)),
      known.map(({ label }) => label),
    );
    const test = draw(4000);
    const right = test.filter(
      ({ vector, label }) => classify(vector.map((x, at) => x - 1 + at)) === label,
    ).length;
    // The best possible, Phi(1); 3 standard errors are 0.017.
    expect(Math.abs(right / 4000 - 0.8413)).toBeLessThan(0.02);
  });
});

describe('classic protocols', () => {
  const setup: GestureSetup = { people: 4, repetitions: 10, links: 3, snrDb: 30 };
  const samples = simulateGestures(setup, Rng.of(2)).map(
    ({ person, gesture, csi }): PersonProfile => ({ person, label: gesture, profile: dopplerProfile(csi) }),
  );

  it('tell directions of strokes of people known by their Doppler shifts, far above chance', () => {
    const [ridge, nearest] = classicInDomain(samples, Rng.of(1));
    expect([ridge!.method, nearest!.method, ridge!.trials]).toEqual(['ridge', '1-NN', 48]);
    expect(ridge!.correct / ridge!.trials).toBeGreaterThan(0.6);
  });

  it('score each sample of the unknown person once, and none that serves as a labelled one', () => {
    const scores = classicCrossPerson(samples, 1, { shotDraws: 3 }, Rng.of(1));
    expect(scores.map(({ protocol, method, trials }) => `${protocol} ${method} ${trials}`)).toEqual([
      'zero-shot ridge 60',
      'zero-shot 1-NN 60',
      'one-shot 1-NN 162',
    ]);
    expect(() => classicCrossPerson(samples, 7, {}, Rng.of(1))).toThrow('target person 7 among 4 people');
    expect(() => classicCrossPerson(samples, 1, { shotDraws: 0 }, Rng.of(1))).toThrow('shotDraws is 0');
  });
});
