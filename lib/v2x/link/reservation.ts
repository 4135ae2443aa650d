/** Sensing-based selection of resources in a pool of slots and subchannels, as C-V2X sidelinks do it. */
import type { Packet, Surroundings } from './medium.js';

/** How vehicles share the pool of resources. */
export interface SidelinkSettings {
  /** `lte` (Mode 4) ranks what is free by the power of the last second; `nr` (Mode 2) does not. */
  readonly mode: 'lte' | 'nr';
  /** 1e-4 to 1e-2: 1 ms of `lte`, 0.5 ms of `nr` (30 kHz). */
  readonly slotSec: number;
  /** Resources of one slot, 1 to 50 (5). */
  readonly subchannels: number;
  /** Bytes that one resource carries, 10 to 10 000: 135, which is QPSK at rate 1/2 in 10 blocks of 9 symbols. */
  readonly resourceBytes: number;
  /** Headers in each resource, and the fragment's number; 0 to 9 (8). */
  readonly overheadBytes: number;
  /** Slots after which reserved resources come again, 10 to 1000: 100 ms. */
  readonly periodSlots: number;
  /** Periods of sensing, 1 to 20: 10, one second. */
  readonly sensedPeriods: number;
  /** Periods between reselections, uniform within these bounds: 5 to 15. */
  readonly reselection: readonly [low: number, high: number];
  /** Probability of keeping the resources even then, 0 to 1 (0). */
  readonly keepProbability: number;
  /** Reservations received above this are respected, -140 to 0 dBm (-110); it rises by 3 dB while too few remain. */
  readonly thresholdDbm: number;
  /** Share of the pool that must remain to choose from, 0.01 to 1 (0.2). */
  readonly candidateShare: number;
  /** Largest share of the pool that one vehicle takes, 0.001 to 1: 0.2, in the place of congestion control. */
  readonly largestShare: number;
}

/** Who sends, and on what. */
export interface Vehicle {
  readonly name: string;
  readonly queue: Packet[];
  /** Numbers of its resources: slot of the period times subchannels, plus the subchannel. */
  resources: number[];
  /** Periods until it reselects. */
  counter: number;
  /** Slot at which the next period is counted. */
  countsAt: number;
}

/** Who used each subchannel of a slot. */
export interface SlotUse {
  readonly slot: number;
  readonly users: readonly (readonly string[])[];
}

export interface Pool {
  readonly settings: SidelinkSettings;
  readonly surroundings: Surroundings;
  readonly vehicles: Map<string, Vehicle>;
  /** The last slots, each at its number modulo the length. */
  readonly history: (SlotUse | undefined)[];
}

/** Gives a vehicle enough resources for its queue, if the pool has them; keeps those it has. */
export function reserve(pool: Pool, vehicle: Vehicle, slot: number): void {
  const { periodSlots, subchannels, largestShare } = pool.settings;
  const most = Math.max(1, Math.floor(largestShare * periodSlots * subchannels));
  const missing = Math.min(vehicle.queue.length, most) - vehicle.resources.length;
  if (missing <= 0) return;
  const free = candidates(pool, vehicle, slot);
  const order = pool.surroundings.rng.permutation(free.length);
  const chosen = Array.from(order.subarray(0, missing), (index) => free[index]!);
  vehicle.resources = [...vehicle.resources, ...chosen].sort((one, other) => one - other);
}

/** Counts the periods that began; at the end of the count the resources go, unless they are kept. */
export function countPeriods(pool: Pool, vehicle: Vehicle, slot: number): void {
  const { periodSlots, keepProbability } = pool.settings;
  while (vehicle.countsAt <= slot) {
    vehicle.countsAt += periodSlots;
    if (--vehicle.counter > 0) continue;
    vehicle.counter = drawCounter(pool);
    if (pool.surroundings.rng.uniform() >= keepProbability) vehicle.resources = [];
  }
}

/** Periods until the next reselection. */
export function drawCounter({ settings, surroundings }: Pool): number {
  const [low, high] = settings.reselection;
  return low + surroundings.rng.integer(high - low + 1);
}

/** What a vehicle may choose from. */
function candidates(pool: Pool, vehicle: Vehicle, slot: number): number[] {
  const { periodSlots, subchannels, thresholdDbm, candidateShare, mode } = pool.settings;
  const sensed = sense(pool, vehicle, slot);
  const enough = Math.ceil(candidateShare * periodSlots * subchannels);
  const below = (dBm: number) => sensed.filter(({ reservedDbm }) => reservedDbm <= dBm);
  let free = below(thresholdDbm);
  for (let dBm = thresholdDbm; free.length < Math.min(enough, sensed.length); dBm += 3) {
    free = below(dBm + 3);
  }
  const resources = free.map(({ resource }) => resource);
  return mode === 'lte' ? quietest(pool, vehicle.name, { resources, slot, count: enough }) : resources;
}

/** The strongest announcement heard that each resource comes again; those it holds, or could not hear, are left out. */
function sense(
  pool: Pool,
  { name, resources }: Vehicle,
  slot: number,
): { resource: number; reservedDbm: number }[] {
  const { periodSlots, subchannels } = pool.settings;
  const own = new Set(resources);
  const sensed: { resource: number; reservedDbm: number }[] = [];
  for (let place = 0; place < periodSlots; place++) {
    const use = useOf(pool, lastSlotAt(pool, place, slot));
    if (use && sentIn(use, name)) continue;
    for (let subchannel = 0; subchannel < subchannels; subchannel++) {
      const resource = place * subchannels + subchannel;
      const users = use?.users[subchannel] ?? [];
      const powers = users.map((user) => pool.surroundings.powerDbm(user, name));
      if (!own.has(resource)) sensed.push({ resource, reservedDbm: Math.max(...powers) });
    }
  }
  return sensed;
}

/** The last slot before `slot` that stands at this place of a period. */
function lastSlotAt({ settings }: Pool, place: number, slot: number): number {
  const { periodSlots } = settings;
  return slot - 1 - ((((slot - 1 - place) % periodSlots) + periodSlots) % periodSlots);
}

function useOf({ history }: Pool, slot: number): SlotUse | undefined {
  const use = slot < 0 ? undefined : history[slot % history.length];
  return use?.slot === slot ? use : undefined;
}

const sentIn = (use: SlotUse, name: string) => use.users.some((users) => users.includes(name));

/** The resources of least mean received power over the periods sensed; equal ones in random order. */
function quietest(
  pool: Pool,
  name: string,
  { resources, slot, count }: { resources: readonly number[]; slot: number; count: number },
): number[] {
  const shuffled = Array.from(pool.surroundings.rng.permutation(resources.length), (at) => resources[at]!);
  return shuffled
    .map((resource) => ({ resource, milliwatts: meanPower(pool, name, resource, slot) }))
    .sort((one, other) => one.milliwatts - other.milliwatts)
    .slice(0, count)
    .map(({ resource }) => resource);
}

function meanPower(pool: Pool, name: string, resource: number, slot: number): number {
  const { periodSlots, sensedPeriods, subchannels } = pool.settings;
  const last = lastSlotAt(pool, Math.floor(resource / subchannels), slot);
  let [sum, heard] = [0, 0];
  for (let period = 0; period < sensedPeriods; period++) {
    const use = useOf(pool, last - period * periodSlots);
    if (use && sentIn(use, name)) continue;
    heard++;
    for (const user of use?.users[resource % subchannels] ?? []) {
      sum += 10 ** (pool.surroundings.powerDbm(user, name) / 10);
    }
  }
  return heard === 0 ? 0 : sum / heard;
}
