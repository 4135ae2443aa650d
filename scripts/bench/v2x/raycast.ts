import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, Rng } from '../../../lib/math/index.js';
import {
  type AgentState,
  type Box,
  type CrossingOptions,
  crossing,
  type LidarOptions,
  lidar,
  type Pose,
} from '../../../lib/v2x/index.js';
import { type Peer, pythonPeer } from '../peer.js';
import { type Section, table } from '../section.js';
import { processorMs } from './processor.js';

/** 4 agents x 64 beams x 1,024 azimuths are 262,144 rays a frame. */
const line = { beams: 64, azimuths: 1024 };
const setups: Record<string, Omit<CrossingOptions, 'rng'>> = {
  '4 vehicles': { cavs: 4, lidar: line },
  '3 vehicles, a tilted road-side unit': { cavs: 3, rsu: {}, lidar: line },
  '3 vehicles, a UAV': { cavs: 3, uav: {}, lidar: line },
};
/** Rays whose range may differ: those that graze an edge, by rounding. */
const MOST_GRAZING = 1e-4;
/** A turn of ours is this many frames, as the clock of the processor is coarse. */
const FRAMES = 10;
const WARM_UP = 3;

/** One sensor's turn without noise, as both sides get it. */
interface Cast {
  readonly options: LidarOptions;
  readonly pose: Pose;
  readonly boxes: readonly Box[];
  /** Place of the box that carries the sensor. */
  readonly except: number;
}

/**
 * Our ray caster beside a slab ray caster in numpy, one core each, in turns, on the same sensors and boxes, without noise, to clouds of
 * points; and whole frames of the crossing (traffic, noise, dropout and clouds too). Processor time, which other work disturbs less
 * than the wall clock.
 */
export const raycastSection: Section = {
  title: 'ray casting, 4 agents x 64 beams x 1,024 azimuths',
  async run({ python, rounds }) {
    const numpy = pythonPeer(python, new URL('raycast_numpy.py', import.meta.url), 'numpy');
    const folder = mkdtempSync(join(tmpdir(), 'semwave-raycast-'));
    try {
      const rows = [];
      for (const [name, options] of Object.entries(setups))
        rows.push([name, ...(await compare(options, numpy, folder, rounds))]);
      return table(head, rows);
    } finally {
      numpy.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function compare(
  options: Omit<CrossingOptions, 'rng'>,
  numpy: Peer,
  folder: string,
  rounds: number,
): Promise<string[]> {
  const scene = crossing({ rng: Rng.of(1), ...options });
  const { agents, objects } = scene.frame(20);
  const boxes: Box[] = [...objects, ...scene.fixtures];
  const casts = agents.map((agent): Cast => {
    const except = objects.findIndex(({ id }) => id === agent.id);
    return { options: sensorOf(agent), pose: agent.truePose, boxes, except };
  });
  const differ = await load(casts, numpy, folder);
  const scans = casts.map((cast) => scanner(cast));
  const sides = {
    frames: async () => processorMs(FRAMES, (turn) => scene.frame(turn)),
    ours: async () => processorMs(FRAMES, () => scans.map((scan) => scan())),
    windows: async () => (await numpy.ask<{ ms: number }>({ do: 'windows' })).ms,
    all: async () => (await numpy.ask<{ ms: number }>({ do: 'all' })).ms,
  };
  const times: Record<keyof typeof sides, number[]> = { frames: [], ours: [], windows: [], all: [] };
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const side of ['frames', 'ours', 'windows', 'all'] as const) {
      const ms = await sides[side]();
      if (round >= 0) times[side].push(ms);
    }
  }
  const perSecond = (side: keyof typeof sides) => (1000 / median(times[side])).toPrecision(3);
  const ratio = median(times.windows.map((ms, round) => ms / times.ours[round]!));
  const least = Math.min(...times.windows) / Math.max(...times.ours);
  return [
    perSecond('frames'),
    perSecond('ours'),
    perSecond('windows'),
    perSecond('all'),
    ratio.toFixed(0),
    least.toFixed(0),
    differ.toExponential(0),
  ];
}

const silent = { rangeNoiseMeters: 0, dropout: 0 };

function sensorOf({ kind }: AgentState): Required<LidarOptions> {
  const uav = kind === 'uav' && { elevationDeg: [-89, -30] as const };
  return lidar({ ...line, ...silent, ...uav }).options;
}

function scanner({ options, pose, boxes, except }: Cast) {
  const sensor = lidar(options);
  return () => sensor.scan(pose, boxes, Rng.of(0), except);
}

/** Gives the peer the sensors and boxes; the share of its rays that differ from ours. */
async function load(casts: readonly Cast[], numpy: Peer, folder: string): Promise<number> {
  const scenes = casts.map(({ options, pose, boxes, except }, place) => {
    const ranges = join(folder, `${place}.bin`);
    writeFileSync(ranges, new Uint8Array(rangesOf(options, { options, pose, boxes, except }).buffer));
    return { sensor: { ...options, pose, except }, boxes, ranges };
  });
  const { differ } = await numpy.ask<{ differ: number }>({ do: 'load', scenes });
  if (!(differ <= MOST_GRAZING))
    throw new Error(`a share ${differ} of the rays differs; allowed: ${MOST_GRAZING}`);
  return differ;
}

/** Metres of every ray, column by column, 0 where nothing came back: each point stands on the ray of its direction. */
function rangesOf(options: LidarOptions, cast: Cast): Float32Array {
  const { beams, azimuths, elevationDeg } = lidar(options).options;
  const [low, high] = elevationDeg;
  const { count, points } = scanner(cast)();
  const ranges = new Float32Array(beams * azimuths);
  for (let point = 0; point < count; point++) {
    const [x, y, z] = points.subarray(4 * point, 4 * point + 3) as unknown as [number, number, number];
    const level = Math.hypot(x, y);
    const turn = Math.atan2(y, x) / (2 * Math.PI);
    const column = Math.round((turn - Math.floor(turn)) * azimuths) % azimuths;
    const elevation = (Math.atan2(z, level) * 180) / Math.PI;
    const beam = Math.round(((elevation - low) / (high - low)) * (beams - 1));
    ranges[column * beams + beam] = Math.hypot(level, z);
  }
  return ranges;
}

const head = [
  'agents',
  'whole frames/s',
  'ours, casts/s',
  'numpy, columns of each box',
  'numpy, all rays',
  'ratio',
  'least ratio',
  'rays that differ',
];
