import {
  bodyTransmission,
  candidatePaths,
  channelTaps,
  distance,
  imageSources,
  type Point,
  pathPoints,
  type Room,
  speedOfLight,
  tracePaths,
} from '../../../../lib/isac/index.js';
import type { Rng } from '../../../../lib/math/index.js';
import { type Reference, within } from '../../reference.js';

const size: Point = [8, 6, 3];
const carrierHz = 2.48e9;
const wavelength = speedOfLight / carrierHz;
const link = { transmitter: [1, 1, 1] as Point, receiver: [6, 5, 2] as Point, carrierHz };

const counts = [1, 2, 3, 6].map(
  (order): Reference => ({
    id: `room/images/${order}`,
    what: `images of a source in a box room up to ${order} reflections`,
    source: 'lattice points of the octahedron, (2 k + 1)(2 k² + 2 k + 3) / 3 (Allen and Berkley 1979)',
    value: ((2 * order + 1) * (2 * order ** 2 + 2 * order + 3)) / 3,
    allowed: within(((2 * order + 1) * (2 * order ** 2 + 2 * order + 3)) / 3, 0),
    measure: () => ({ value: imageSources(size, link.transmitter, order).length }),
  }),
);

const friis: Reference = {
  id: 'room/friis',
  what: 'loss of the line of sight over sqrt(42) m at 2.48 GHz, dB',
  source: 'Friis 1946: 20 log10(4 pi d / wavelength)',
  value: 20 * Math.log10((4 * Math.PI * Math.sqrt(42)) / wavelength),
  allowed: within(20 * Math.log10((4 * Math.PI * Math.sqrt(42)) / wavelength), 1e-9),
  measure() {
    const { re, im } = candidatePaths({ size, reflection: -0.5 }, link, { order: 0 })[0]!.gain;
    return { value: -10 * Math.log10(re * re + im * im) };
  },
};

const drawPlace = (rng: Rng): Point => [rng.uniform(0.1, 7.9), rng.uniform(0.1, 5.9), rng.uniform(2.1, 2.9)];

const lengths: Reference = {
  id: 'room/lengths',
  what: 'largest gap between a folded path and the distance of its image, metres, 100 links, up to 4 reflections',
  source: 'mirroring keeps lengths',
  value: 0,
  allowed: [0, 1e-9],
  measure(rng) {
    let value = 0;
    for (let draw = 0; draw < 100; draw++) {
      const [a, b] = [drawPlace(rng), drawPlace(rng)];
      for (const image of imageSources(size, a, 4)) {
        const points = pathPoints(size, image, b);
        const length = points.slice(1).reduce((sum, point, i) => sum + distance(points[i]!, point), 0);
        value = Math.max(value, Math.abs(length - distance(image.position, b)));
      }
    }
    return { value };
  },
};

const reciprocity: Reference = {
  id: 'room/reciprocity',
  what: 'largest relative gap of the 11 taps when transmitter and receiver change places, 200 links, obstacles and a person',
  source: 'reciprocity of linear media',
  value: 0,
  allowed: [0, 1e-8],
  measure(rng) {
    const room: Room = { size, reflection: -0.5, obstacles: [{ min: [2, 2, 0], max: [3, 4, 2] }] };
    const body = { x: 4, y: 3, radiusMeters: 0.25, heightMeters: 1.75, crossSectionM2: 0.5 };
    const tapsOf = (transmitter: Point, receiver: Point) =>
      channelTaps(tracePaths(room, { transmitter, receiver, carrierHz }, { order: 2, body }), {
        taps: 11,
        sampleRateHz: 8e6,
        originTap: 5,
        originSec: 0,
      });
    let value = 0;
    for (let draw = 0; draw < 200; draw++) {
      const [a, b] = [drawPlace(rng), drawPlace(rng)];
      const [there, back] = [tapsOf(a, b), tapsOf(b, a)];
      const gap = Math.hypot(...there.map((tap, i) => tap - back[i]!));
      value = Math.max(value, gap / Math.hypot(...there));
    }
    return { value };
  },
};

const edges = [0, 1, 2, 4].map((v): Reference => {
  const formula = 6.9 + 20 * Math.log10(Math.sqrt((v - 0.1) ** 2 + 1) + v - 0.1);
  return {
    id: `room/knife-edge/${v}`,
    what: `loss of a wide screen whose edge stands at the Fresnel parameter ${v}, dB`,
    source: 'ITU-R P.526, single knife edge, an approximation to about 0.3 dB',
    value: formula,
    allowed: within(formula, 0.35),
    measure() {
      const screen = {
        x: 4,
        y: 3,
        radiusMeters: 1e6,
        heightMeters: 1 + v * Math.sqrt(wavelength),
        crossSectionM2: 0,
      };
      const { re, im } = bodyTransmission(screen, [0, 3, 1], [8, 3, 1], wavelength);
      return { value: -10 * Math.log10(re * re + im * im) };
    },
  };
});

/** The image-method room against closed forms. */
export const references: Reference[] = [...counts, friis, lengths, reciprocity, ...edges];
