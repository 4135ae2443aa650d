import { requireChoice, requireInteger, requireRange } from '../../base/index.js';
import { optimalAssignment } from '../../math/index.js';
import type { BevCells } from '../bev/index.js';
import { bevIou, byScore, rotatedNms } from '../evaluate/index.js';
import { wrapAngle } from '../geometry/index.js';
import { encodeMessage, headerOf, type Instance, instancesSection } from '../message/index.js';
import type { AgentState, Detection, SharingStrategy } from '../types.js';
import { advanced, type VelocitySource, velocityOf } from './motion.js';
import { type Perception, perceive } from './perception.js';
import { boxFrom, found, heard } from './received.js';
import { type PosePrior, registeredByBoxes, requirePrior, still } from './register.js';

export interface InstanceOptions {
  readonly name?: string;
  /** Where velocities come from; `tracks` unless told otherwise. */
  readonly motion?: Exclude<VelocitySource, 'none'>;
  /** Things the ego keeps in mind; more replace those of the lowest score; 1 to 1024, 100 unless told otherwise. */
  readonly slots?: number;
  /** Deviation of a UAV's place per metre of its height, which it knows of itself; 0 to 0.1, 0.005 unless told otherwise. */
  readonly uavErrorPerMeter?: number;
  /** How wrong poses are thought to be: what another tells is moved until its boxes lie on the ego's. Not unless told otherwise. */
  readonly register?: PosePrior;
}

/**
 * Instance sharing between air and ground after Griffin's AGILE (Wang et al. 2025): senders tell of each thing they follow,
 * 18 bytes; the ego pairs these with its own by distance (Hungarian, no farther apart than the thing's size on either axis),
 * fuses pairs, and lets unpaired ones replace its own of the lowest score: empty slots first, and never more than a quarter of
 * the slots that the ego fills itself, shared out evenly among the messages. Unpaired ones that overlap what is known say nothing.
 * Of a pair whose centres are more than half a size apart the surer stays, so who lies about scores moves a box by its size at most.
 *
 * An interpretation, since there is no network here whose queries could be sent: a query is a box, its velocity, a score that
 * it exists, and a covariance from how much of the thing was seen; a pair is fused by inverse covariance.
 * @throws InputError for an option out of range.
 */
export function instanceSharing(options: InstanceOptions = {}): SharingStrategy {
  const { name = 'instance', motion = 'tracks', slots = 100, uavErrorPerMeter = 0.005, register } = options;
  if (register) requirePrior(register);
  requireChoice('motion', motion, ['tracks', 'flow']);
  requireInteger('slots', slots, 1, 1024);
  requireRange('uavErrorPerMeter', uavErrorPerMeter, 0, 0.1);
  const withVelocity = velocityOf(motion);
  const instancesOf = (agent: AgentState) => {
    const own = perceive(agent);
    const placeError = agent.kind === 'uav' ? uavErrorPerMeter * -own.ground[2] : 0;
    return withVelocity(agent, own).map((box) => instanceOf(box, own, placeError));
  };
  return {
    name,
    share: (sender) => encodeMessage(headerOf(sender), [instancesSection(instancesOf(sender))]),
    fuse(ego, messages) {
      const all = heard(ego, messages);
      const own = instancesOf(ego);
      const free = Math.max(slots - own.length, Math.floor(REPLACED * slots));
      const room = Math.floor(free / Math.max(1, all.length));
      const fused = all.reduce((known, { message, from, ageSec }) => {
        const others = byScore(message.instances).map((one): Instance => {
          const moved = boxFrom(from, one);
          return { ...advanced(moved, ageSec), velocity: moved.velocity!, deviation: one.deviation };
        });
        const motion = register ? registeredByBoxes(known, others, register) : still;
        const right = others.map((one): Instance => ({ ...one, ...boxFrom(motion, one) }));
        return joined(known, right.slice(0, slots), room);
      }, own);
      const others = fused.slice(own.length);
      const kept = byScore(fused.slice(0, own.length)).slice(0, slots - others.length);
      return found(ego, perceive(ego), rotatedNms([...kept, ...others]));
    },
  };
}

/** Deviation of a side that was seen, and of one that was not, metres. */
const SEEN_METERS = 0.1;
const UNSEEN_METERS = 0.5;
const MARGIN_METERS = 0.3;

/** A side of which only a part was seen may lie elsewhere. */
function instanceOf(box: Detection, { cells }: Perception, placeError: number): Instance {
  const [along, across] = extentsIn(box, cells);
  const deviation = (seen: number, size: number) =>
    Math.hypot(placeError, SEEN_METERS + UNSEEN_METERS * Math.max(0, 1 - seen / size));
  const { velocity = [0, 0] } = box;
  return { ...box, velocity, deviation: [deviation(along, box.length), deviation(across, box.width)] };
}

/** How far the cells of a box reach along and across it. */
function extentsIn({ x, y, length, width, yaw }: Detection, cells: BevCells): [number, number] {
  const [c, s] = [Math.cos(yaw), Math.sin(yaw)];
  let [front, back, left, right] = [0, 0, 0, 0];
  for (let cell = 0; cell < cells.size; cell++) {
    const [dx, dy] = [cells.x[cell]! - x, cells.y[cell]! - y];
    const [along, across] = [c * dx + s * dy, c * dy - s * dx];
    if (Math.abs(along) > length / 2 + MARGIN_METERS || Math.abs(across) > width / 2 + MARGIN_METERS)
      continue;
    [front, back] = [Math.max(front, along), Math.min(back, along)];
    [left, right] = [Math.max(left, across), Math.min(right, across)];
  }
  return [front - back, left - right];
}

/** Costs more than any pair within the gate. */
const APART = 1e6;
/** Share of the slots in which others may replace what the ego found itself. */
const REPLACED = 0.25;
/** What non-maximum suppression lets stay. */
const OVERLAP = 0.15;

/** Pairs fused, and of the others up to `room` that overlap nothing known: non-maximum suppression may not take one of them for it. */
function joined(known: readonly Instance[], others: readonly Instance[], room: number): Instance[] {
  if (known.length === 0 || others.length === 0) return [...known, ...others.slice(0, room)];
  const costs = known.map((a) =>
    others.map((b) => (within(1, a, b) ? Math.hypot(a.x - b.x, a.y - b.y) : APART)),
  );
  const { columns } = optimalAssignment(costs);
  const partner = (place: number) => {
    const column = columns[place]!;
    return column >= 0 && costs[place]![column]! < APART ? column : -1;
  };
  const taken = new Set(known.map((_, place) => partner(place)));
  const kept = known.map((one, place) => {
    const other = others[partner(place)];
    return other ? fusedPair(one, other) : one;
  });
  const fresh = others.filter(
    (one, place) => !taken.has(place) && kept.every((other) => bevIou(one, other) <= OVERLAP),
  );
  return [...kept, ...fresh.slice(0, room)];
}

/** Whether two centres are no farther apart, along and across the first, than so many of its sizes. */
function within(sizes: number, a: Instance, b: Instance): boolean {
  const [c, s] = [Math.cos(a.yaw), Math.sin(a.yaw)];
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  return Math.abs(c * dx + s * dy) <= sizes * a.length && Math.abs(c * dy - s * dx) <= sizes * a.width;
}

/**
 * Centres by inverse covariance; heading and size of the better known; existence as of independent witnesses. Where neither
 * box holds the other's centre, one of them is wrong: the surer stays.
 */
function fusedPair(a: Instance, b: Instance): Instance {
  if (!within(0.5, a, b)) return a.score >= b.score ? a : b;
  const [first, second] = [information(a), information(b)];
  const [xx, xy, yy] = [0, 1, 2].map((k) => first[k]! + second[k]!) as [number, number, number];
  const determinant = xx * yy - xy * xy;
  const pull = (k: 'x' | 'y') => {
    const row = (info: readonly number[], one: Instance) =>
      k === 'x' ? info[0]! * one.x + info[1]! * one.y : info[1]! * one.x + info[2]! * one.y;
    return row(first, a) + row(second, b);
  };
  const [px, py] = [pull('x'), pull('y')];
  const better = Math.hypot(...a.deviation) <= Math.hypot(...b.deviation) ? a : b;
  const worse = better === a ? b : a;
  // Boxes have no front: the other heading may point the other way.
  const turn = wrapAngle(2 * (worse.yaw - better.yaw)) / 2;
  return {
    ...better,
    x: (yy * px - xy * py) / determinant,
    y: (xx * py - xy * px) / determinant,
    yaw: better.yaw + (Math.abs(turn) < 0.3 ? turn / 3 : 0),
    score: 1 - (1 - a.score) * (1 - b.score),
  };
}

/** The inverse of the centre's covariance: xx, xy, yy. */
function information({ yaw, deviation: [along, across] }: Instance): [number, number, number] {
  const [c, s] = [Math.cos(yaw), Math.sin(yaw)];
  const [p, q] = [1 / along ** 2, 1 / across ** 2];
  return [c * c * p + s * s * q, c * s * (p - q), s * s * p + c * c * q];
}
