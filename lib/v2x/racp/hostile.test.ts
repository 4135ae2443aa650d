import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../base/index.js';
import { withinSec } from '../../base/testing.js';
import { Rng } from '../../math/index.js';
import { MAP_SYMBOLS } from './cameras.js';
import {
  calibrateYaw,
  decodeSightings,
  encodeSightings,
  featurePackets,
  independentEntropy,
  PEDESTRIAN_CAMERAS,
  pedestriansOnGround,
  quantise,
  receivedMap,
  rounded,
  shareCapacity,
  temporalEntropy,
  trainTemporalModel,
} from './index.js';
import { recording } from './testing.js';

const { maps } = recording(101, 4);
const model = trainTemporalModel(maps.slice(0, 2), { rng: Rng.of(1), steps: 20 });
const entropy = temporalEntropy(model);
const [map, past] = [maps[5]![3]!, [maps[5]![2]!, maps[5]![1]!]];
const packets = featurePackets(5, 3, map, entropy, past).map(({ bytes }) => bytes);
const [camera, ...others] = PEDESTRIAN_CAMERAS;

/** The result, or an error of one clear line. */
function orOneLine<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).message).toMatch(/^[^\n]{1,200}$/);
    return undefined;
  }
}

describe('packets', () => {
  it('of any bytes give a map or one line', () => {
    const change = fc.tuple(fc.nat(400), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.nat(11), fc.array(change, { maxLength: 6 }), fc.nat(300), (tile, changes, cut) => {
        const bytes = packets[tile]!.slice(0, Math.max(0, packets[tile]!.length - cut));
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        const back = orOneLine(() => receivedMap(5, 3, [bytes], entropy, past));
        expect(back?.map.length ?? MAP_SYMBOLS).toBe(MAP_SYMBOLS);
      }),
      { numRuns: 60 },
    );
  });

  it('that come again are not read again', () => {
    const flood = Array.from({ length: 20_000 }, () => packets[3]!);
    const back = withinSec(1, () => receivedMap(5, 3, [...packets, ...flood], entropy, past));
    expect(back.map).toEqual(map);
  });

  it('of the largest symbols come back, whatever the past', () => {
    const extremes = [32_767, -32_768, 0].map((value) => new Int16Array(MAP_SYMBOLS).fill(value));
    const sent = featurePackets(0, 0, extremes[0]!, entropy, extremes.slice(1)).map(({ bytes }) => bytes);
    expect(receivedMap(0, 0, sent, entropy, extremes.slice(1)).map).toEqual(extremes[0]);
  });
});

describe('sightings', () => {
  it('of any bytes are places in the map or one line, and calibrate to a finite angle', () => {
    const place = fc.tuple(fc.nat(80), fc.nat(45), fc.uint8Array({ minLength: 32, maxLength: 32 }));
    const message = fc.array(place, { maxLength: 12 }).map((places) => {
      const body = places.flatMap(([column, row, look]) => [0, column >> 2, 0, row >> 2, ...look]);
      return Uint8Array.from([0, places.length, ...body]);
    });
    fc.assert(
      fc.property(message, message, fc.nat(30), (one, another, cut) => {
        orOneLine(() => decodeSightings(one.subarray(0, Math.max(0, one.length - cut))));
        const [own, told] = [decodeSightings(one), decodeSightings(another)];
        const found = calibrateYaw({ camera: camera!, seen: own.seen }, [
          { camera: others[0]!, seen: told.seen },
          { camera: others[3]!, seen: told.seen },
        ]);
        expect(Number.isFinite(found.camera.pose.yaw)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('beyond the map are clipped by the sender and refused by the receiver', () => {
    const embedding = new Float32Array(32).fill(9);
    const bytes = encodeSightings(1, [{ column: 1e9, row: Number.NaN, embedding }]);
    expect(decodeSightings(bytes).seen[0]).toMatchObject({ column: 80, row: 0 });
    bytes[3] = 255;
    expect(() => decodeSightings(bytes)).toThrow(/column of sighting 0 is 10\d\d; allowed: .* 0 to 80/);
  });
});

describe('a map', () => {
  const short = new Int16Array(5);
  const none = { channels: [] };
  const broken = { channels: model.channels.map((weights) => weights.map(() => Number.NaN)) };
  it.each<[string, () => unknown, RegExp]>([
    ['short', () => featurePackets(0, 0, short, entropy, []), /map of 5 values; allowed: 14400/],
    ['of a short past', () => receivedMap(5, 3, packets, entropy, [short]), /map of 5 values/],
    ['of short features', () => quantise(new Float64Array(5), entropy, [], 0), /features of 5 values/],
    [
      'on the ground, short',
      () => pedestriansOnGround([{ camera: camera!, map: short }], { gain: 6 }),
      /of 5/,
    ],
    ['of no counts', () => independentEntropy([]), /no map to count/],
    ['of a model without channels', () => temporalEntropy(none), /temporal model of 0 channels; allowed: 4/],
    [
      'of weights that are none',
      () => temporalEntropy(broken),
      /480 weights of channel 0; allowed: 480 finite/,
    ],
    ['of no bytes', () => receivedMap(0, 0, ['a' as never], entropy, []), /packet is no bytes/],
    [
      'of loads that are none',
      () => shareCapacity([{ targets: Number.NaN, kilobytes: 1 }], 5),
      /targets is NaN/,
    ],
  ])('%s is refused in one line', (_, act, words) => {
    expect(act).toThrow(InputError);
    expect(act).toThrow(words);
  });

  it('of no numbers is one of zeros, of large ones the largest symbols', () => {
    const features = Float64Array.from({ length: MAP_SYMBOLS }, (_, n) => [Number.NaN, 1e9, -1e9][n % 3]!);
    for (const found of [rounded(features), quantise(features, entropy, past, 0)])
      expect([...found.subarray(0, 3)]).toEqual([0, 32_767, -32_768]);
  });

  it('that is high everywhere costs no more than a busy one', () => {
    const high = new Int16Array(MAP_SYMBOLS).fill(32_767);
    const views = PEDESTRIAN_CAMERAS.map((one) => ({ camera: one, map: high }));
    pedestriansOnGround(views, { gain: 6 });
    const found = withinSec(0.5, () => pedestriansOnGround(views, { gain: 6 }));
    expect(found.length).toBeGreaterThan(100);
  });
});
