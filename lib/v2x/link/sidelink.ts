import { InputError, requireChoice, requireInteger, requireRange } from '../../base/index.js';
import {
  type Burst,
  givenUp,
  type Medium,
  type MediumModel,
  type Surroundings,
  type Transmission,
} from './medium.js';
import {
  countPeriods,
  drawCounter,
  type Pool,
  reserve,
  type SidelinkSettings,
  type SlotUse,
  type Vehicle,
} from './reservation.js';

/** Of a sidelink; the defaults are recalled, not read in the specifications. */
export type SidelinkOptions = Partial<SidelinkSettings>;

/**
 * C-V2X without a base station (LTE Mode 4, NR Mode 2): vehicles reserve resources of a pool semi-persistently. A
 * vehicle respects what it heard reserved in the last period, chooses among the rest at random, and keeps its choice
 * for a number of periods. Two that choose alike collide until one reselects; who sends in a slot hears nothing of it.
 * @throws InputError when an option is out of range.
 */
export function sidelink(options: SidelinkOptions = {}): MediumModel {
  const settings = requireSettings(options);
  return {
    name: settings.mode === 'lte' ? 'LTE sidelink' : 'NR sidelink',
    payloadBytes: settings.resourceBytes - settings.overheadBytes,
    overheadBytes: settings.overheadBytes,
    open: (surroundings) => openSidelink(settings, surroundings),
  };
}

function requireSettings(options: SidelinkOptions): SidelinkSettings {
  const mode = requireChoice('mode', options.mode ?? 'lte', ['lte', 'nr'] as const);
  const slotSec = requireRange(
    'slotSec',
    options.slotSec ?? (mode === 'lte' ? 1e-3 : 0.5e-3),
    1e-4,
    1e-2,
    's',
  );
  const { reselection = [5, 15] } = options;
  if (!Array.isArray(reselection) || reselection.length !== 2)
    throw new InputError('reselection is no pair; allowed: two integers from 1 to 1000, the first no larger');
  const low = requireInteger('reselection', reselection[0], 1, 1000);
  const high = requireInteger('reselection', reselection[1], low, 1000);
  return {
    mode,
    slotSec,
    subchannels: requireInteger('subchannels', options.subchannels ?? 5, 1, 50),
    resourceBytes: requireInteger('resourceBytes', options.resourceBytes ?? 135, 10, 10_000),
    overheadBytes: requireInteger('overheadBytes', options.overheadBytes ?? 8, 0, 9),
    periodSlots: requireInteger('periodSlots', options.periodSlots ?? Math.round(0.1 / slotSec), 10, 1000),
    sensedPeriods: requireInteger('sensedPeriods', options.sensedPeriods ?? 10, 1, 20),
    reselection: [low, high],
    keepProbability: requireRange('keepProbability', options.keepProbability ?? 0, 0, 1),
    thresholdDbm: requireRange('thresholdDbm', options.thresholdDbm ?? -110, -140, 0, 'dBm'),
    candidateShare: requireRange('candidateShare', options.candidateShare ?? 0.2, 0.01, 1),
    largestShare: requireRange('largestShare', options.largestShare ?? 0.2, 0.001, 1),
  };
}

function openSidelink(settings: SidelinkSettings, surroundings: Surroundings): Medium {
  const history = new Array<SlotUse | undefined>(settings.periodSlots * (settings.sensedPeriods + 1));
  const pool: Pool = { settings, surroundings, vehicles: new Map(), history };
  const waiting: Burst[] = [];
  let slot = 0;
  const idle = () => [...pool.vehicles.values()].every(({ queue }) => queue.length === 0);
  return {
    offer(burst) {
      waiting.push(burst);
      waiting.sort((one, other) => one.readySec - other.readySec);
    },
    advance(untilSec) {
      const ended: Transmission[] = [];
      for (;;) {
        if (idle() && waiting.length === 0) return ended;
        const next = idle() ? Math.max(slot, firstSlotAfter(waiting[0]!.readySec, settings.slotSec)) : slot;
        if ((next + 1) * settings.slotSec > untilSec + 1e-9) return ended;
        slot = next;
        admit(pool, waiting, slot);
        ended.push(...runSlot(pool, slot));
        slot++;
      }
    },
  };
}

/** Without the rounding that would lose a slot to a time that is a multiple of it. */
function firstSlotAfter(seconds: number, slotSec: number): number {
  return Math.ceil(seconds / slotSec - 1e-6);
}

/** Counts periods, takes messages that are ready, and reserves what they need. */
function admit(pool: Pool, waiting: Burst[], slot: number): void {
  const needy = new Set<Vehicle>();
  for (const vehicle of pool.vehicles.values()) {
    if (vehicle.countsAt <= slot) needy.add(vehicle);
    countPeriods(pool, vehicle, slot);
  }
  while (waiting[0] && firstSlotAfter(waiting[0].readySec, pool.settings.slotSec) <= slot) {
    const burst = waiting.shift()!;
    const vehicle = vehicleOf(pool, burst.sender, slot);
    for (const fragment of burst.wireLengths.keys()) vehicle.queue.push({ burst, fragment });
    needy.add(vehicle);
  }
  for (const vehicle of needy) reserve(pool, vehicle, slot);
}

function vehicleOf(pool: Pool, name: string, slot: number): Vehicle {
  const known = pool.vehicles.get(name);
  if (known) return known;
  const { periodSlots } = pool.settings;
  const vehicle = {
    name,
    queue: [],
    resources: [],
    counter: drawCounter(pool),
    countsAt: slot + periodSlots,
  };
  pool.vehicles.set(name, vehicle);
  return vehicle;
}

/** Everybody who holds a resource of the slot sends the next of its fragments there. */
function runSlot(pool: Pool, slot: number): Transmission[] {
  const { slotSec, subchannels, periodSlots } = pool.settings;
  const users: string[][] = Array.from({ length: subchannels }, () => []);
  const sent: { vehicle: string; subchannel: number; burst: Burst; fragment: number }[] = [];
  const lost: Transmission[] = [];
  const startSec = slot * slotSec;
  const first = (slot % periodSlots) * subchannels;
  for (const { name, queue, resources } of pool.vehicles.values()) {
    while (queue[0] && queue[0].burst.expiresSec < startSec) lost.push(givenUp(queue.shift()!));
    for (const resource of resources) {
      const subchannel = resource - first;
      if (subchannel < 0 || subchannel >= subchannels || queue.length === 0) continue;
      users[subchannel]!.push(name);
      sent.push({ ...queue.shift()!, vehicle: name, subchannel });
    }
  }
  pool.history[slot % pool.history.length] = { slot, users };
  const active = [...new Set(sent.map(({ vehicle }) => vehicle))];
  const done = sent.map(({ vehicle, subchannel, burst, fragment }) => ({
    burst,
    fragment,
    startSec,
    endSec: startSec + slotSec,
    sent: true,
    interferers: users[subchannel]!.filter((name) => name !== vehicle),
    deaf: active.filter((name) => name !== vehicle),
  }));
  return [...lost, ...done];
}
