import { InputError, requireRange } from '../../base/index.js';
import {
  blockageLossDb,
  correlatedShadowing,
  DECORRELATION_METERS,
  LOGISTIC_ERRORS,
  type LogisticErrors,
  noiseFloorDbm,
  packetErrorRate,
  type Road,
  type ShadowingProcess,
  type Sight,
  sinrDb,
  vehicleBlockage,
  vehicularPathLossDb,
  vehicularShadowingStdDb,
} from '../../channel/index.js';
import type { Rng } from '../../math/index.js';
import type { Box, Frame, SceneObject } from '../types.js';
import { type Point, sightBetween } from './sight.js';

/** Transmitters, receivers and what stands between them. */
export interface RadioSettings {
  /** `urban` when left out. */
  readonly road: Road;
  /** 0.5e9 to 100e9 (5.9e9). */
  readonly carrierHz: number;
  /** Of every agent, antenna gains included, -50 to 60 (23). */
  readonly txPowerDbm: number;
  /** 1 to 1e12 (10e6). */
  readonly bandwidthHz: number;
  /** 0 to 50 (9). */
  readonly noiseFigureDb: number;
  /** 0 to 1e6; 10 in streets and 25 on motorways when left out, which is recalled. */
  readonly decorrelationMeters: number;
  /** Packet errors with line of sight, and without. */
  readonly errors: { readonly los: LogisticErrors; readonly nlos: LogisticErrors };
  /** What hides agents from each other; none when left out. */
  readonly buildings: readonly Box[];
  /** Which objects of a frame are vehicles that may block: those of 2.5 m length and more when left out. */
  readonly blocks: (object: SceneObject) => boolean;
}

/** What two agents are to each other. */
export interface RadioPath {
  readonly sight: Sight;
  readonly distanceMeters: number;
  /** Path loss, shadowing and blockage together. */
  readonly lossDb: number;
}

/** Powers and packet errors between the agents of the latest frame. Who left keeps the last place. */
export interface Radio {
  move(frame: Frame): void;
  /** @throws InputError when no frame had such an agent. */
  requireAgent(name: string): void;
  /** The same both ways. */
  path(one: string, other: string): RadioPath;
  powerDbm(sender: string, listener: string): number;
  /** Probability that a packet is lost while others send, where a modulation needs `extraSinrDb` more than the curve says. */
  errorRate(sender: string, listener: string, interferers: readonly string[], extraSinrDb?: number): number;
}

/** What lasts between two agents. */
interface Pair {
  readonly shadowing: ShadowingProcess;
  readonly blockage: ShadowingProcess;
  ends: readonly [Point, Point];
}

/**
 * The antenna of an agent is where its sensor is. Shadowing and blockage are drawn once for a pair and change as the
 * two move.
 * @throws InputError when an option is out of range.
 */
export function openRadio(options: Partial<RadioSettings>, rng: Rng): Radio {
  const settings = requireSettings(options);
  const noiseDbm = noiseFloorDbm(settings);
  const places = new Map<string, Point>();
  const pairs = new Map<string, Pair>();
  const paths = new Map<string, RadioPath>();
  let vehicles: readonly SceneObject[] = [];

  const placeOf = (name: string): Point => {
    const place = places.get(name);
    if (place) return place;
    throw new InputError(`agent "${name}" is in no frame; allowed: ${[...places.keys()].join(', ')}`);
  };
  const path = (one: string, other: string): RadioPath => {
    const names = one < other ? ([one, other] as const) : ([other, one] as const);
    const key = JSON.stringify(names);
    const known = paths.get(key);
    if (known) return known;
    const ends = [placeOf(names[0]), placeOf(names[1])] as const;
    const pair = pairs.get(key) ?? newPair(rng.fork(key), ends, settings);
    moveEnds(pair, ends);
    const between = vehicles.filter(({ id }) => id !== one && id !== other);
    const fresh = pathOf(pair, between, settings);
    pairs.set(key, pair);
    paths.set(key, fresh);
    return fresh;
  };
  const powerDbm = (sender: string, listener: string) => settings.txPowerDbm - path(sender, listener).lossDb;
  return {
    move(frame) {
      for (const { id, truePose } of frame.agents) places.set(id, truePose);
      vehicles = frame.objects.filter(settings.blocks);
      paths.clear();
    },
    requireAgent: placeOf,
    path,
    powerDbm,
    errorRate(sender, listener, interferers, extraSinrDb = 0) {
      const powers = interferers.map((name) => powerDbm(name, listener));
      const { los, nlos } = settings.errors;
      const curve = path(sender, listener).sight === 'los' ? los : nlos;
      const sinr = sinrDb(powerDbm(sender, listener), noiseDbm, powers);
      return packetErrorRate(sinr - extraSinrDb, curve);
    },
  };
}

function requireSettings(options: Partial<RadioSettings>): RadioSettings {
  const { road = 'urban', carrierHz = 5.9e9, bandwidthHz = 10e6, noiseFigureDb = 9 } = options;
  const { errors = LOGISTIC_ERRORS, buildings = [], blocks = usualBlocker } = options;
  for (const curve of [errors?.los, errors?.nlos]) {
    if (!curve) throw new InputError('errors lack a curve; allowed: los and nlos');
    packetErrorRate(0, curve);
  }
  if (!Array.isArray(buildings)) throw new InputError('buildings are no list; allowed: an array of boxes');
  if (typeof blocks !== 'function') throw new InputError('blocks is no function; allowed: one of an object');
  vehicularPathLossDb({ road, carrierHz, sight: 'los', distanceMeters: 1 });
  return {
    road,
    carrierHz,
    bandwidthHz,
    noiseFigureDb,
    txPowerDbm: requireRange('txPowerDbm', options.txPowerDbm ?? 23, -50, 60, 'dBm'),
    decorrelationMeters: requireRange(
      'decorrelationMeters',
      options.decorrelationMeters ?? DECORRELATION_METERS[road],
      0,
      1e6,
      'm',
    ),
    ...{ errors, buildings, blocks },
  };
}

const usualBlocker = ({ length }: SceneObject) => length >= 2.5;

function newPair(rng: Rng, ends: readonly [Point, Point], settings: RadioSettings): Pair {
  return {
    shadowing: correlatedShadowing(rng.fork('shadowing'), settings),
    blockage: correlatedShadowing(rng.fork('blockage'), settings),
    ends,
  };
}

function moveEnds(pair: Pair, ends: readonly [Point, Point]): void {
  const moved = distance(pair.ends[0], ends[0]) + distance(pair.ends[1], ends[1]);
  pair.shadowing.move(moved);
  pair.blockage.move(moved);
  pair.ends = ends;
}

function pathOf(pair: Pair, vehicles: readonly Box[], settings: RadioSettings): RadioPath {
  const { road, carrierHz, buildings } = settings;
  const [one, other] = pair.ends;
  const { sight, blockers } = sightBetween(one, other, { buildings, vehicles });
  const distanceMeters = Math.max(1, distance(one, other));
  const lossDb =
    vehicularPathLossDb({ road, carrierHz, sight, distanceMeters }) +
    vehicularShadowingStdDb(sight) * pair.shadowing.value +
    blockageDb(pair, blockers, distanceMeters);
  return { sight, distanceMeters, lossDb };
}

/** Of several vehicles in between, the highest counts. */
function blockageDb({ ends, blockage }: Pair, blockers: readonly Box[], distanceMeters: number): number {
  if (blockers.length === 0) return 0;
  const loss = vehicleBlockage({
    antennaHeights: [ends[0].z, ends[1].z],
    blockerHeight: Math.max(...blockers.map(({ z, height }) => z + height / 2)),
    distanceMeters,
  });
  return loss ? blockageLossDb(loss, blockage.value) : 0;
}

function distance(from: Point, to: Point): number {
  return Math.hypot(to.x - from.x, to.y - from.y, to.z - from.z);
}
