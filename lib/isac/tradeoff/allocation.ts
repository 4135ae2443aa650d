import { InputError, requireInteger, requireRange } from '../../base/index.js';
import { type Elements, fillPower } from './fill.js';
import { indexSpread } from './spread.js';

/** A frame whose power is to be shared among subcarriers x symbols. */
export interface PowerFrame {
  /** Signal-to-noise ratio of each subcarrier for the receiver of the data, at unit power: linear, above 0, 2 or more of them. */
  readonly gains: Float64Array;
  /** OFDM symbols during which the gains stand still, 1 to 10000. */
  readonly symbols: number;
  /** Most power of an element over the mean power, from 1; without a limit when left out. */
  readonly peak?: number;
}

/** What sensing is for: shares from 0 that sum to 1. */
export interface SensingGoal {
  readonly range: number;
  readonly velocity: number;
}

/** How a frame's power is shared, and what this is worth. */
export interface Allocation {
  /** Of each element, subcarriers x symbols, mean 1. */
  readonly power: Float64Array;
  /** Mean of log2(1 + power gain), bits per channel use. */
  readonly rate: number;
  /**
   * Mean-square distance of the power from its centre over the largest possible, (N - 1)^2 / 4, averaged over range and velocity by the
   * shares of the goal: 0 to 1. Inversely proportional to the Cramer-Rao bound where the goal is one of the two.
   */
  readonly information: number;
}

/**
 * The allocation that maximises rate + price information. Price 0 is pure communication, water-filling; infinity is pure
 * sensing: all power as far out as the peak allows, and as much rate as is left then.
 *
 * The information is the least of all second moments, a minimum of functions linear in the power, hence concave, so what
 * is found is the optimum. Its centre is the one at which the tilted water-filling is balanced; over the symbols it is the middle.
 * @param price bits per channel use for information 1, from 0 to infinity
 * @throws InputError for a parameter out of range.
 */
export function allocatePower(frame: PowerFrame, goal: SensingGoal, price: number): Allocation {
  requireFrame(frame, goal);
  if (price === Number.POSITIVE_INFINITY) return worthOf(frame, goal, sensingPower(frame, goal));
  requireRange('price', price, 0, Number.MAX_VALUE, 'bits');
  const columns = columnsOf(frame.symbols, price > 0 && goal.velocity > 0);
  const total = frame.gains.length * frame.symbols;
  const solve = (centre: number) =>
    fillPower(
      elementsOf(frame, columns, (k, m) => price * Math.LN2 * distance(frame, goal, k, m, centre)),
      total,
      peakOf(frame),
    );
  const centre =
    price * goal.range > 0
      ? balancedCentre(frame.gains.length, (c) => imbalance(solve(c), columns, c), 1e-12 * total)
      : (frame.gains.length - 1) / 2;
  return worthOf(frame, goal, spreadOut(solve(centre), columns, frame));
}

/**
 * What any allocation is worth.
 * @param power of each element, subcarriers x symbols: mean 1, from 0 to the peak (to 1e-9)
 * @throws InputError when the power does not fit the frame.
 */
export function allocationOf(frame: PowerFrame, goal: SensingGoal, power: Float64Array): Allocation {
  requireFrame(frame, goal);
  const count = frame.gains.length * frame.symbols;
  if (power.length !== count) throw new InputError(`${power.length} powers; allowed: ${count}`);
  for (const p of power) requireRange('power', p, 0, peakOf(frame) * (1 + 1e-9));
  requireRange('mean power', power.reduce((sum, p) => sum + p, 0) / count, 1 - 1e-9, 1 + 1e-9);
  return worthOf(frame, goal, power);
}

function worthOf(frame: PowerFrame, goal: SensingGoal, power: Float64Array): Allocation {
  const shape = [frame.gains.length, frame.symbols];
  const bits = power.reduce(
    (sum, p, at) => sum + Math.log1p(p * frame.gains[Math.floor(at / frame.symbols)]!),
    0,
  );
  const share = (part: number, d: number) =>
    part > 0 ? (part * indexSpread(power, shape, d)) / ((shape[d]! - 1) ** 2 / 4) : 0;
  return {
    power,
    rate: bits / power.length / Math.LN2,
    information: share(goal.range, 0) + share(goal.velocity, 1),
  };
}

function requireFrame(
  { gains, symbols, peak = Number.POSITIVE_INFINITY }: PowerFrame,
  goal: SensingGoal,
): void {
  requireInteger('subcarriers', gains.length, 2, 65536);
  requireInteger('symbols', symbols, 1, 10_000);
  for (const gain of gains) requireRange('gain', gain, Number.MIN_VALUE, Number.MAX_VALUE);
  if (!(peak >= 1)) throw new InputError(`peak is ${peak}; allowed: 1 or more`);
  requireRange('share of range', goal.range, 0, 1);
  requireRange('share of velocity', goal.velocity, 0, symbols > 1 ? 1 : 0);
  requireRange('sum of shares', goal.range + goal.velocity, 1 - 1e-12, 1 + 1e-12);
}

const peakOf = ({ gains, symbols, peak = Number.POSITIVE_INFINITY }: PowerFrame) =>
  Math.min(peak, gains.length * symbols);

/** What an element adds to the information for each unit of its power, counted from a centre. */
function distance(
  { gains, symbols }: PowerFrame,
  goal: SensingGoal,
  k: number,
  m: number,
  centre: number,
): number {
  const [far, late] = [(gains.length - 1) / 2, (symbols - 1) / 2];
  const range = goal.range === 0 ? 0 : goal.range * ((k - centre) / far) ** 2;
  return goal.velocity === 0 ? range : range + goal.velocity * ((m - late) / late) ** 2;
}

/** A symbol that stands for all those of equal power. */
interface Column {
  symbol: number;
  times: number;
}

/** The gains stand still, so symbols at equal distance from the middle have equal power; without a reward for distance, all have. */
function columnsOf(symbols: number, apart: boolean): Column[] {
  if (!apart) return [{ symbol: 0, times: symbols }];
  return Array.from({ length: Math.ceil(symbols / 2) }, (_, symbol) => ({
    symbol,
    times: symbol === symbols - 1 - symbol ? 1 : 2,
  }));
}

function elementsOf(
  { gains }: PowerFrame,
  columns: readonly Column[],
  tilt: (k: number, m: number) => number,
): Elements {
  const [rows, width] = [gains.length, columns.length];
  const over = (value: (k: number, column: Column) => number) =>
    Float64Array.from({ length: rows * width }, (_, at) =>
      value(Math.floor(at / width), columns[at % width]!),
    );
  return {
    gain: over((k) => gains[k]!),
    times: over((_, { times }) => times),
    tilt: over((k, { symbol }) => tilt(k, symbol)),
  };
}

/** First moment of the power over the subcarriers about a centre. */
function imbalance(power: Float64Array, columns: readonly Column[], centre: number): number {
  const width = columns.length;
  return power.reduce(
    (sum, p, at) => sum + p * columns[at % width]!.times * (Math.floor(at / width) - centre),
    0,
  );
}

/**
 * The subcarrier about which power balances that was allocated for this centre: the root of a moment that falls with the centre, by
 * false position with the weight of an end that stays twice halved (Illinois).
 * @param smallest moment that is as good as none
 */
function balancedCentre(subcarriers: number, moment: (centre: number) => number, smallest: number): number {
  let [low, high] = [0, subcarriers - 1];
  let [above, below] = [moment(low), moment(high)];
  let last = '';
  for (let step = 0; step < 200; step++) {
    const centre = low + ((high - low) * above) / (above - below);
    const value = moment(centre);
    if (Math.abs(value) <= smallest || centre <= low || centre >= high) return centre;
    const moved = value > 0 ? 'low' : 'high';
    if (value > 0) [low, above, below] = [centre, value, moved === last ? below / 2 : below];
    else [high, below, above] = [centre, value, moved === last ? above / 2 : above];
    last = moved;
  }
  return (low + high) / 2;
}

function spreadOut(
  power: Float64Array,
  columns: readonly Column[],
  { gains, symbols }: PowerFrame,
): Float64Array {
  const width = columns.length;
  return Float64Array.from({ length: gains.length * symbols }, (_, at) => {
    const [k, m] = [Math.floor(at / symbols), at % symbols];
    return power[k * width + (width === 1 ? 0 : Math.min(m, symbols - 1 - m))]!;
  });
}

/** All power at the elements farthest from the middle. Where these are more than it takes, rate decides, both sides alike. */
function sensingPower(frame: PowerFrame, goal: SensingGoal): Float64Array {
  const { gains, symbols } = frame;
  const peak = peakOf(frame);
  const middle = (gains.length - 1) / 2;
  const power = new Float64Array(gains.length * symbols);
  const value = (at: number) => distance(frame, goal, Math.floor(at / symbols), at % symbols, middle);
  const rings = grouped([...power.keys()], value);
  let left = power.length;
  for (const far of [...rings.keys()].sort((a, b) => b - a)) {
    const ring = rings.get(far)!;
    const given = Math.min(left, ring.length * peak);
    const sides = [...grouped(ring, (at) => sideOf(frame, goal, at)).values()];
    for (const side of sides) {
      const filled = fillPower(untilted(frame, side), given / sides.length, peak);
      for (const [i, at] of side.entries()) power[at] = filled[i]!;
    }
    left -= given;
    if (left <= 0) break;
  }
  return power;
}

const untilted = ({ gains, symbols }: PowerFrame, places: readonly number[]): Elements => ({
  gain: Float64Array.from(places, (at) => gains[Math.floor(at / symbols)]!),
  times: new Float64Array(places.length).fill(1),
  tilt: new Float64Array(places.length),
});

function grouped<K>(places: readonly number[], keyOf: (at: number) => K): Map<K, number[]> {
  const groups = new Map<K, number[]>();
  for (const at of places) {
    const key = keyOf(at);
    const group = groups.get(key);
    if (group) group.push(at);
    else groups.set(key, [at]);
  }
  return groups;
}

/** Below, at or above the middle of each dimension that counts. */
function sideOf({ gains, symbols }: PowerFrame, goal: SensingGoal, at: number): string {
  const row = goal.range > 0 ? Math.sign(2 * Math.floor(at / symbols) - gains.length + 1) : 0;
  const column = goal.velocity > 0 ? Math.sign(2 * (at % symbols) - symbols + 1) : 0;
  return `${row} ${column}`;
}
