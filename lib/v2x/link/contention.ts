/** Stations of 802.11p that contend for the medium, event by event. */
import { type DsrcRate, frameAirtimeSec } from './airtime.js';
import { type Burst, givenUp, type Packet, type Surroundings, type Transmission } from './medium.js';

/** How stations of 802.11p broadcast. */
export interface CsmaSettings {
  /** 3 to 27; 6 when left out. */
  readonly rateMbps: DsrcRate;
  /** Longest MAC frame, 100 to 4095 (1500). */
  readonly mtuBytes: number;
  /** Headers and check sequence of MAC and network in each frame, and the fragment's number; 0 to 99 (40). */
  readonly overheadBytes: number;
  /** Backoff is uniform from 0 to this many slots, 0 to 1023 (15); broadcasts never double it. */
  readonly contentionWindow: number;
  /** 1e-6 to 1e-3 (13e-6). */
  readonly slotSec: number;
  /** 1e-6 to 1e-3 (32e-6). */
  readonly sifsSec: number;
  /** Slots after SIFS that the medium must rest, 1 to 20: 2 (the default) is DIFS. */
  readonly aifsSlots: number;
  /** Power from which a station takes the medium for busy, -120 to 0 (-85). */
  readonly carrierSenseDbm: number;
  /** How long a station needs to notice a transmission, up to a slot (4e-6). */
  readonly noticeSec: number;
}

interface Sending extends Packet {
  startSec: number;
  endSec: number;
  overlaps: Set<string>;
  /** Who waits until it is over, the sender too. */
  heardBy: Station[];
}

interface Station {
  name: string;
  queue: Packet[];
  /** Slots still to wait. */
  backoff: number;
  /** When slots began to count; infinite while the medium is busy. */
  countsFrom: number;
  /** When the medium will have rested long enough. */
  restedSec: number;
  /** Transmissions it hears, its own too. */
  hears: number;
}

export interface Contention {
  readonly settings: CsmaSettings;
  readonly surroundings: Surroundings;
  readonly stations: Map<string, Station>;
  /** What is being sent. */
  readonly air: Sending[];
}

const NEVER = Number.POSITIVE_INFINITY;

/** When the next transmission ends, the next begins, and the next fragment grows too old. */
export function nextEvents(contention: Contention): { end: number; start: number; expiry: number } {
  let [end, start, expiry] = [NEVER, NEVER, NEVER];
  for (const { endSec } of contention.air) end = Math.min(end, endSec);
  for (const station of contention.stations.values()) {
    const head = station.queue[0];
    if (!head) continue;
    start = Math.min(start, accessSec(contention, station));
    expiry = Math.min(expiry, head.burst.expiresSec);
  }
  return { end, start, expiry };
}

/** Puts a message into its sender's queue at the time it is ready. */
export function enqueue(contention: Contention, burst: Burst): void {
  const station = stationOf(contention, burst.sender);
  if (station.queue.length === 0) {
    station.backoff = drawBackoff(contention);
    station.countsFrom = station.hears === 0 ? Math.max(burst.readySec, station.restedSec) : NEVER;
  }
  for (const fragment of burst.wireLengths.keys()) station.queue.push({ burst, fragment });
}

/** The station that is first begins to send. */
export function begin(contention: Contention): void {
  const { settings, stations, air } = contention;
  const ready = [...stations.values()].filter(({ queue }) => queue.length > 0);
  const access = (station: Station) => accessSec(contention, station);
  const station = ready.reduce((first, other) => (access(other) < access(first) ? other : first));
  const startSec = access(station);
  const { burst, fragment } = station.queue.shift()!;
  const seconds = frameAirtimeSec(burst.wireLengths[fragment]!, settings.rateMbps);
  const overlaps = new Set(air.map((other) => other.burst.sender));
  for (const other of air) other.overlaps.add(station.name);
  const sending = { burst, fragment, startSec, endSec: startSec + seconds, overlaps, heardBy: [] };
  air.push(sending);
  for (const other of stations.values()) {
    if (other !== station && !audible(contention, station.name, other.name)) continue;
    hear(sending, other);
    // Whoever is about to begin has not noticed yet, and will collide.
    const tooLate = other.queue.length > 0 && access(other) < startSec + settings.noticeSec;
    if (other === station || !tooLate) freeze(contention, other, startSec);
  }
}

/** The transmission that is first to end does so; who waited for it begins to count again. */
export function finish(contention: Contention): Transmission {
  const { settings, air } = contention;
  const index = air.reduce((best, { endSec }, at) => (endSec < air[best]!.endSec ? at : best), 0);
  const [over] = air.splice(index, 1) as [Sending];
  const { burst, fragment, startSec, endSec } = over;
  for (const station of over.heardBy) {
    if (station.name === burst.sender) station.backoff = drawBackoff(contention);
    station.restedSec = endSec + settings.sifsSec + settings.aifsSlots * settings.slotSec;
    if (--station.hears === 0) station.countsFrom = station.restedSec;
  }
  const others = [...over.overlaps];
  return { burst, fragment, startSec, endSec, sent: true, interferers: others, deaf: others };
}

/** Gives up what is older than it may be. */
export function expire(contention: Contention, nowSec: number): Transmission[] {
  const old: Transmission[] = [];
  for (const { queue } of contention.stations.values()) {
    const alive = queue.findIndex(({ burst }) => burst.expiresSec > nowSec);
    old.push(...queue.splice(0, alive < 0 ? queue.length : alive).map(givenUp));
  }
  return old;
}

function stationOf(contention: Contention, name: string): Station {
  const known = contention.stations.get(name);
  if (known) return known;
  const station = { name, queue: [], backoff: 0, countsFrom: NEVER, restedSec: 0, hears: 0 };
  for (const sending of contention.air) {
    if (audible(contention, sending.burst.sender, name)) hear(sending, station);
  }
  contention.stations.set(name, station);
  return station;
}

function audible({ settings, surroundings }: Contention, sender: string, listener: string): boolean {
  return surroundings.powerDbm(sender, listener) >= settings.carrierSenseDbm;
}

function hear(sending: Sending, station: Station): void {
  station.hears++;
  sending.heardBy.push(station);
}

/** Keeps the slots left; those begun do not count. */
function freeze({ settings }: Contention, station: Station, nowSec: number): void {
  if (station.countsFrom === NEVER) return;
  const elapsed = Math.floor((nowSec - station.countsFrom) / settings.slotSec + 1e-6);
  station.backoff -= Math.max(0, elapsed);
  station.countsFrom = NEVER;
}

function accessSec({ settings }: Contention, { countsFrom, backoff }: Station): number {
  return countsFrom + backoff * settings.slotSec;
}

function drawBackoff({ settings, surroundings }: Contention): number {
  return surroundings.rng.integer(settings.contentionWindow + 1);
}
