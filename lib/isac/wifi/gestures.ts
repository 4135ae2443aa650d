import { requireInteger, requireRange } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import type { CsiRecording } from './recording.js';

/** The gestures: one stroke of the hand each, that differ in direction only. */
export const gestureNames = ['left', 'right', 'up', 'down', 'push', 'pull'] as const;

/** How one person moves. */
export interface Person {
  /** Where the hand rests, metres. */
  readonly position: readonly [x: number, y: number, z: number];
  /** Turn of the body about the vertical, radians. */
  readonly heading: number;
  /** Time that a stroke takes, seconds. */
  readonly strokeSec: number;
  /** Length of a stroke, metres. */
  readonly reachMeters: number;
}

/** A gesture, performed once. */
export interface GestureSample {
  readonly person: number;
  readonly gesture: number;
  readonly csi: CsiRecording;
}

/** The room, its antennas and what is measured. */
export interface GestureSetup {
  /** People; each moves in a way of their own. */
  people: number;
  /** Performances of each gesture by each person. */
  repetitions: number;
  /** Receivers, 1 to 3; each sees the room from another side. */
  links: number;
  /** Power of the whole channel over that of the noise of a subcarrier, dB. */
  snrDb: number;
  /** Packets a sample, over `windowSec` seconds (defaults 40 over 1 s). */
  packets?: number;
  windowSec?: number;
  /** Subcarriers of the 20 MHz, evenly spaced (default 13). */
  subcarriers?: number;
}

type Point = readonly [number, number, number];

const ROOM: Point = [6, 5, 3];
const TRANSMITTER: Point = [0.6, 2.4, 1.2];
const RECEIVERS: readonly Point[] = [
  [5.4, 2.7, 1.3],
  [3.2, 0.5, 0.9],
  [2.8, 4.4, 2.1],
];
const CARRIER_HZ = 2.437e9;
const BANDWIDTH_HZ = 16.25e6;
const LIGHT = 299_792_458;
/** Amplitude that a wall reflects, and metres of a scatterer of a hand and forearm (sqrt(rcs / 4 pi)). */
const WALL = -0.5;
const HAND = 0.12;
/** Direction of each gesture for a person who faces +x: x away from the body, y to the left, z up. */
const DIRECTIONS: readonly Point[] = [
  [0, 1, 0],
  [0, -1, 0],
  [0, 0, 1],
  [0, 0, -1],
  [1, 0, 0],
  [-1, 0, 0],
];

/**
 * A way to move, drawn at random. People stand within a metre of each other, hold the hand between waist and chest, face the
 * same way to within 29 degrees, and take their own time for a stroke of their own length. At a wavelength of 12 cm the
 * place alone gives all paths other phases, so who is left out is another domain.
 */
export function randomPerson(rng: Rng): Person {
  return {
    position: [rng.uniform(2.5, 3.5), rng.uniform(2, 3), rng.uniform(1, 1.4)],
    heading: rng.uniform(-0.5, 0.5),
    strokeSec: rng.uniform(0.4, 0.8),
    reachMeters: rng.uniform(0.25, 0.5),
  };
}

/**
 * Gestures in a room, as an access point and one to three receivers see them: line of sight and first-order images of the
 * walls, and a point-like hand that scatters each of them to each receiver and its images. Every packet has its own
 * phase, the same for all receivers: they are antennas of one card, whose clock is not that of the access point. The stream and the setup alone decide the result.
 * @returns people x gestures x repetitions samples, in this order
 * @throws InputError when a setting is outside its range.
 */
export function simulateGestures(setup: GestureSetup, rng: Rng): GestureSample[] {
  const { people, repetitions } = setup;
  requireInteger('people', people, 1, 1000);
  requireInteger('repetitions', repetitions, 1, 1000);
  const scene = gestureScene(setup);
  return Array.from({ length: people }, (_, person) => {
    const mover = randomPerson(rng.fork('person').fork(person));
    return gestureNames.flatMap((_name, gesture) =>
      Array.from({ length: repetitions }, (__, repetition) => {
        const stream = rng.fork('sample').fork(person).fork(gesture).fork(repetition);
        return { person, gesture, csi: scene.perform(mover, gesture, stream) };
      }),
    );
  }).flat();
}

/** What does not change between samples. */
interface Scene {
  perform(person: Person, gesture: number, rng: Rng): CsiRecording;
}

/**
 * The room with its antennas.
 * @throws InputError when a setting is outside its range.
 */
export function gestureScene(setup: Omit<GestureSetup, 'people' | 'repetitions'>): Scene {
  const { snrDb, packets = 40, windowSec = 1, subcarriers = 13 } = setup;
  const links = requireInteger('links', setup.links, 1, RECEIVERS.length);
  requireRange('snrDb', snrDb, -20, 100);
  requireRange('windowSec', windowSec, 0.1, 10);
  requireInteger('packets', packets, 2, 10_000);
  requireInteger('subcarriers', subcarriers, 2, 1000);
  const receivers = RECEIVERS.slice(0, links);
  const still = receivers.map((receiver) => staticChannel(receiver, subcarriers));
  const perform = (person: Person, gesture: number, rng: Rng): CsiRecording => {
    const path = handPath(person, gesture, rng.fork('hand'), windowSec);
    const values = new Float32Array(2 * packets * links * subcarriers);
    const [phases, noise] = [rng.fork('phase'), rng.fork('noise')];
    for (let packet = 0; packet < packets; packet++) {
      const hand = path((packet / (packets - 1)) * windowSec);
      const turn = phases.uniform(0, 2 * Math.PI);
      const fromTransmitter = spread(hand, TRANSMITTER, subcarriers);
      for (const [link, receiver] of receivers.entries()) {
        const toReceiver = spread(hand, receiver, subcarriers);
        const channel = still[link]!.slice();
        addProduct(channel, fromTransmitter, toReceiver, HAND);
        const at = 2 * (packet * links + link) * subcarriers;
        const deviation = Math.sqrt(meanPower(still[link]!) / 2) * 10 ** (-snrDb / 20);
        record(values.subarray(at, at + 2 * subcarriers), channel, { turn, deviation, noise });
      }
    }
    return { packets, links, subcarriers, values };
  };
  return { perform };
}

function meanPower(channel: Float64Array): number {
  return (2 * channel.reduce((sum, value) => sum + value * value, 0)) / channel.length;
}

/** The channel as received: turned as a whole, in noise. */
function record(
  out: Float32Array,
  channel: Float64Array,
  { turn, deviation, noise }: { turn: number; deviation: number; noise: Rng },
): void {
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  for (let k = 0; k < out.length; k += 2) {
    const [re, im] = [channel[k]!, channel[k + 1]!];
    out[k] = re * cos - im * sin + noise.normal(0, deviation);
    out[k + 1] = re * sin + im * cos + noise.normal(0, deviation);
  }
}

/** Where the hand is over time: one smooth stroke (least jerk), with the scatter of a repetition. */
function handPath(person: Person, gesture: number, rng: Rng, windowSec: number): (sec: number) => Point {
  const around = (centre: number, deviation: number) => rng.normal(centre, deviation);
  const start = person.position.map((value) => around(value, 0.02));
  const stroke = Math.min(0.95 * windowSec, person.strokeSec * Math.exp(around(0, 0.08)));
  const reach = person.reachMeters * Math.exp(around(0, 0.08));
  const heading = person.heading + around(0, 0.05);
  const begin = rng.uniform(0, windowSec - stroke);
  const [x, y, z] = DIRECTIONS[gesture]!;
  const [cos, sin] = [Math.cos(heading), Math.sin(heading)];
  const direction = [x * cos - y * sin, x * sin + y * cos, z];
  return (sec) => {
    const t = Math.min(1, Math.max(0, (sec - begin) / stroke));
    // Centred on the resting place, so that where the hand is does not give the direction away.
    const along = reach * (t * t * t * (10 - 15 * t + 6 * t * t) - 0.5);
    const at = (axis: number) => start[axis]! + along * direction[axis]!;
    return [at(0), at(1), at(2)];
  };
}

/** A point and its mirror images in the six walls, with the amplitude of each. */
function images(point: Point): { point: Point; amplitude: number }[] {
  const mirrored = [0, 1, 2].flatMap((axis) =>
    [0, 2 * ROOM[axis]!].map((twice) => {
      const image = point.map((value, other) => (other === axis ? twice - value : value));
      return { point: image as unknown as Point, amplitude: WALL };
    }),
  );
  return [{ point, amplitude: 1 }, ...mirrored];
}

/** Line of sight and wall reflections from the transmitter to a receiver, interleaved over subcarriers. */
function staticChannel(receiver: Point, subcarriers: number): Float64Array {
  return spread(receiver, TRANSMITTER, subcarriers);
}

/** The sum over the images of a source of amplitude / distance and the phase of the distance. */
export function spread(at: Point, source: Point, subcarriers: number): Float64Array {
  const out = new Float64Array(2 * subcarriers);
  const [low, step] = [CARRIER_HZ - BANDWIDTH_HZ / 2, BANDWIDTH_HZ / (subcarriers - 1)];
  for (const { point, amplitude } of images(source)) {
    const distance = Math.hypot(at[0] - point[0], at[1] - point[1], at[2] - point[2]);
    const turns = (-2 * Math.PI * distance) / LIGHT;
    const [cos, sin] = [Math.cos(turns * step), Math.sin(turns * step)];
    let re = (amplitude / distance) * Math.cos(turns * low);
    let im = (amplitude / distance) * Math.sin(turns * low);
    for (let k = 0; k < out.length; k += 2) {
      out[k]! += re;
      out[k + 1]! += im;
      [re, im] = [re * cos - im * sin, re * sin + im * cos];
    }
  }
  return out;
}

function addProduct(into: Float64Array, a: Float64Array, b: Float64Array, factor: number): void {
  for (let k = 0; k < into.length; k += 2) {
    into[k]! += factor * (a[k]! * b[k]! - a[k + 1]! * b[k + 1]!);
    into[k + 1]! += factor * (a[k]! * b[k + 1]! + a[k + 1]! * b[k]!);
  }
}
