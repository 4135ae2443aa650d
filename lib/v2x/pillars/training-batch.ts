import type { Rng } from '../../math/index.js';
import type { Drawn } from '../../nn/index.js';
import { placed } from '../bev/index.js';
import { rotatedNms } from '../evaluate/index.js';
import type { Box, Detection, Pose } from '../types.js';
import { sameCell } from './feature-map.js';
import { type GridOrigin, gridAbout, PILLARS } from './grid.js';
import type { PillarBatch } from './loss.js';
import { BOX_VALUES } from './network.js';
import { imaginedDetections } from './noisy-boxes.js';
import { type PillarInput, pillarsOf } from './pillars.js';
import type { MapPoints } from './points.js';
import { type Targets, targetsOf } from './targets.js';
import type { TrainingAgent, TrainingFrame } from './training-frames.js';
import { withoutAgents } from './views.js';

/** Agents of a frame that take part, the ego first. */
const MEMBERS = 3;
/** Members about whom features are fused. */
const FUSED = 2;
/** Deviation of what an agent's pose is wrong by in training, metres and radians. */
const JITTER = { metres: 0.08, radians: 0.002 };

/** Range of the least score that is worth sharing. */
const LEAST_SHARED = [0.12, 0.35] as const;

/** One map and what stands on it. */
interface Example {
  readonly input: PillarInput;
  readonly objects: readonly Box[];
}

/** What several agents know, on the grid of the first. */
interface Group {
  readonly origin: GridOrigin;
  /** Members by number, the ego first. */
  readonly members: readonly number[];
  readonly objects: readonly Box[];
}

/** All ways to see a frame: each agent alone (first, in order), merged clouds, each with the boxes of the others; and features fused. */
interface Views {
  readonly examples: Example[];
  readonly origins: readonly GridOrigin[];
  readonly groups: readonly Group[];
}

/** The tensors of one step: all views of some frames. */
export function trainingBatch(frames: readonly TrainingFrame[], rng: Rng): Record<PillarBatch, Drawn> {
  const views = frames.map((frame, place) => viewsOf(frame, rng.fork(place)));
  const examples = views.flatMap((view) => view.examples);
  const groups = views.flatMap((view) => view.groups);
  const { values, sources } = pillarsOf(examples.map(({ input }) => input));
  const places = views.flatMap((view, frame) => placesOf(view, (frame * examples.length) / frames.length));
  const grouped = groups.map(({ origin, objects }) => targetsOf(origin, objects));
  const maps = [
    ...examples.map(({ input, objects }) => targetsOf(input.origin, objects)),
    // Fused by the maximum, then by attention.
    ...grouped,
    ...grouped,
  ];
  const cells = PILLARS.featureCells ** 2;
  const rows = maps.length * cells;
  return {
    values: { shape: [values.length], data: values },
    sources: { shape: [sources.length], data: sources },
    fused: { shape: [groups.length, MEMBERS, cells], data: joined(places, Int32Array) },
    heat: { shape: [rows, 1], data: joinedOf(maps, 'heat') },
    weights: { shape: [rows, 1], data: joinedOf(maps, 'weights') },
    boxes: { shape: [rows, BOX_VALUES], data: joinedOf(maps, 'boxes') },
  };
}

/** For each group and member, where the group's cells are among those of all maps, whose first of this frame is `first`. */
function placesOf({ groups, origins }: Views, first: number): Int32Array[] {
  return groups.flatMap(({ origin, members }) =>
    members.map((member) => shiftedPlaces(origins[member]!, origin, first + member)),
  );
}

function viewsOf(frame: TrainingFrame, rng: Rng): Views {
  const order = rng.fork('order').permutation(frame.agents.length);
  const turned = turnedFrame(frame, rng.fork('turn'));
  const members = Array.from(order.subarray(0, MEMBERS), (place) => turned.agents[place]!);
  const [ego, ...others] = members as [TrainingAgent, ...TrainingAgent[]];
  const origin = gridAbout(ego.pose);
  const jittered = others.map((other, n) => misplaced(other, rng.fork('jitter').fork(n)));
  const alone = members.map((agent, n): Example => {
    const { points } = n === 0 ? agent : jittered[n - 1]!;
    return { input: { origin: gridAbout(agent.pose), clouds: [points] }, objects: seenBy(turned, [agent]) };
  });
  const known = [ego, ...jittered];
  const clouds = known.map(({ points }) => points);
  const objects = seenBy(turned, members);
  const told = members.map((agent, n) => {
    const tellers = known.filter((_, m) => m !== n);
    return toldExample(turned, agent, tellers, rng.fork('told').fork(n));
  });
  const origins = members.map(({ pose }) => gridAbout(pose));
  const groups = origins.slice(0, FUSED).map((about, n) => ({
    origin: about,
    members: [n, ...origins.keys()].filter((member, place) => place === 0 || member !== n),
    objects,
  }));
  return { examples: [...alone, { input: { origin, clouds }, objects }, ...told], origins, groups };
}

/** One agent's cloud with the boxes of others. */
function toldExample(
  frame: TrainingFrame,
  agent: TrainingAgent,
  others: readonly TrainingAgent[],
  rng: Rng,
): Example {
  const boxes = sharedBoxes(frame, others, agent, rng);
  const input = { origin: gridAbout(agent.pose), clouds: [agent.points], boxes };
  return { input, objects: seenBy(frame, [agent], boxes) };
}

/** What the others tell of: boxes above some score, none of them the ego itself. */
function sharedBoxes(
  { objects }: TrainingFrame,
  others: readonly TrainingAgent[],
  ego: TrainingAgent,
  rng: Rng,
): Detection[] {
  const least = rng.uniform(LEAST_SHARED[0], LEAST_SHARED[1]);
  const told = others.flatMap(
    (other, n) => other.found ?? imaginedDetections(objects, other, rng.fork('imagined').fork(n)),
  );
  return rotatedNms(withoutAgents(told, [ego.pose]).filter(({ score }) => score >= least));
}

/** Objects that an agent has a point of, or that a box of someone tells of. */
function seenBy(
  frame: TrainingFrame,
  agents: readonly TrainingAgent[],
  boxes: readonly Detection[] = [],
): Box[] {
  return frame.objects.filter(
    (object, place) =>
      agents.some(({ echoes }) => echoes[place]! > 0) ||
      boxes.some((box) => Math.hypot(box.x - object.x, box.y - object.y) < 2),
  );
}

/** The frame turned about the middle of the crossing by a right angle, and the raster of the grids shifted. */
function turnedFrame(frame: TrainingFrame, rng: Rng): TrainingFrame {
  const motion = {
    x: rng.uniform(-2, 2),
    y: rng.uniform(-2, 2),
    yaw: (rng.integer(4) * Math.PI) / 2 + rng.normal(0, 0.03),
  };
  return {
    objects: frame.objects.map((object) => placed(motion, object)),
    agents: frame.agents.map((agent) => movedAgent(agent, motion)),
  };
}

function movedAgent(agent: TrainingAgent, motion: Pick<Pose, 'x' | 'y' | 'yaw'>): TrainingAgent {
  const { found } = agent;
  return {
    ...agent,
    pose: placed(motion, agent.pose),
    points: movedPoints(agent.points, motion),
    ...(found && { found: found.map((box) => placed(motion, box)) }),
  };
}

function movedPoints({ count, values }: MapPoints, motion: Pick<Pose, 'x' | 'y' | 'yaw'>): MapPoints {
  const [c, s] = [Math.cos(motion.yaw), Math.sin(motion.yaw)];
  const moved = values.slice();
  for (let at = 0; at < 4 * count; at += 4) {
    const [x, y] = [values[at]!, values[at + 1]!];
    moved[at] = motion.x + c * x - s * y;
    moved[at + 1] = motion.y + s * x + c * y;
  }
  return { count, values: moved };
}

/** What the agent would tell if its pose were a little wrong: all turned about it and shifted. */
function misplaced(agent: TrainingAgent, rng: Rng): TrainingAgent {
  const yaw = rng.normal(0, JITTER.radians);
  const { x, y } = agent.pose;
  const [c, s] = [Math.cos(yaw), Math.sin(yaw)];
  const { metres } = JITTER;
  const motion = {
    x: x - c * x + s * y + rng.normal(0, metres),
    y: y - s * x - c * y + rng.normal(0, metres),
    yaw,
  };
  return { ...movedAgent(agent, motion), pose: agent.pose };
}

/** For each cell of the grid at `to`, the cell of map number `map` (at `from`) there, from 1; 0 outside it. */
function shiftedPlaces(from: GridOrigin, to: GridOrigin, map: number): Int32Array {
  const cells = PILLARS.featureCells ** 2;
  return Int32Array.from({ length: cells }, (_, cell) => {
    const source = sameCell(from, to, cell);
    return source < 0 ? 0 : 1 + map * cells + source;
  });
}

const joinedOf = (maps: readonly Targets[], part: keyof Targets) =>
  joined(
    maps.map((map) => map[part]),
    Float32Array,
  );

function joined<T extends Float32Array | Int32Array>(
  parts: readonly T[],
  make: { new (length: number): T },
): T {
  const all = new make(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part as T & ArrayLike<number>, at);
    at += part.length;
  }
  return all;
}
