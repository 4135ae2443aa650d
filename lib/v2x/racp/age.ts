import { requireRange } from '../../base/index.js';

/** What the age of perceived targets counts. */
export interface AgeOptions {
  /** 0.5 unless told otherwise. */
  readonly weight?: number;
  /** From one picture to the next, seconds; 0.5 unless told otherwise. */
  readonly periodSec?: number;
  /** From what arrived to what is known, seconds; 0.025 unless told otherwise. */
  readonly processingSec?: number;
}

/** What one camera has to send in a frame. */
export interface CameraLoad {
  /** People it sees. */
  readonly targets: number;
  readonly kilobytes: number;
}

/**
 * Age of perceived targets of a camera: weight x targets x (period + kilobytes / capacity + processing), target seconds. By
 * default the form that R-ACP's published code computes, 0.5 N (0.5 s + D / C + 0.025 s).
 * @param capacity KB/s, above 0
 * @throws InputError for a number out of range.
 */
export function targetAge(
  { targets, kilobytes }: CameraLoad,
  capacity: number,
  options: AgeOptions = {},
): number {
  const { weight, periodSec, processingSec } = checked(options);
  requireRange('targets', targets, 0, 1e6);
  requireRange('kilobytes', kilobytes, 0, 1e9);
  requireRange('capacity', capacity, 1e-9, 1e9, 'KB/s');
  return weight * targets * (periodSec + kilobytes / capacity + processingSec);
}

/** Age of a frame: that of the camera with the oldest. */
export function frameAge(cameras: readonly CameraLoad[], capacity: number, options: AgeOptions = {}): number {
  return Math.max(0, ...cameras.map((camera) => targetAge(camera, capacity, options)));
}

function checked({ weight = 0.5, periodSec = 0.5, processingSec = 0.025 }: AgeOptions): Required<AgeOptions> {
  requireRange('weight', weight, 0, 1e6);
  requireRange('periodSec', periodSec, 0, 1e6, 's');
  requireRange('processingSec', processingSec, 0, 1e6, 's');
  return { weight, periodSec, processingSec };
}

/**
 * The age where messages of equal size wait for each other on one link as they come at random (M/D/1, Pollaczek-Khinchine):
 * to `targetAge` comes s rho / (2 (1 - rho)) with s = kilobytes / capacity, rho = s / period. Infinite from rho = 1.
 * @param rate pictures a second, above 0
 * @throws InputError for a number out of range.
 */
export function queuedAge(
  load: CameraLoad,
  capacity: number,
  rate: number,
  options: Omit<AgeOptions, 'periodSec'> = {},
): number {
  requireRange('rate', rate, 1e-9, 1e9, '1/s');
  const age = targetAge(load, capacity, { ...options, periodSec: 1 / rate });
  const service = load.kilobytes / capacity;
  const busy = service * rate;
  if (busy >= 1) return Number.POSITIVE_INFINITY;
  const { weight } = checked(options);
  return age + weight * load.targets * ((service * busy) / (2 * (1 - busy)));
}

/**
 * The pictures a second at which `queuedAge` is least: where the link is busy 2 - sqrt 2 of the time.
 * @param kilobytes of a picture, above 0
 * @param capacity KB/s, above 0
 * @throws InputError for a number out of range.
 */
export function bestRate(kilobytes: number, capacity: number): number {
  requireRange('kilobytes', kilobytes, 1e-9, 1e9);
  requireRange('capacity', capacity, 1e-9, 1e9, 'KB/s');
  return ((2 - Math.SQRT2) * capacity) / kilobytes;
}

/**
 * Shares of a link's capacity that make the oldest camera as young as can be: all of one age, unless a camera with few
 * targets is younger whatever it gets. Found by bisection on the age; equal where no age depends on them.
 * @param capacity KB/s, above 0
 * @returns KB/s of each camera, together the capacity
 * @throws InputError for a number out of range.
 */
export function shareCapacity(
  cameras: readonly CameraLoad[],
  capacity: number,
  options: AgeOptions = {},
): Float64Array {
  const { weight, periodSec, processingSec } = checked(options);
  requireRange('capacity', capacity, 1e-9, 1e9, 'KB/s');
  for (const camera of cameras) targetAge(camera, capacity, options);
  if (cameras.length === 0) return new Float64Array(0);
  const oldest = Math.max(...cameras.map(({ targets }) => targets));
  // The age that sending adds to that of the camera with most targets: beside the whole age it may be too small to see.
  const needs = (added: number) =>
    cameras.map(({ targets, kilobytes }) => {
      if (targets === 0 || kilobytes === 0) return 0;
      const spare = (oldest / targets - 1) * (periodSec + processingSec);
      return kilobytes / (spare + added / (weight * targets));
    });
  let low = 0;
  // By then each camera needs no more than its part of all kilobytes.
  let high = (weight * oldest * sum(cameras.map(kilobytesOf))) / capacity;
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2;
    if (sum(needs(middle)) > capacity) low = middle;
    else high = middle;
  }
  const shares = Float64Array.from(needs(high));
  const total = sum(shares);
  if (total > 0) return shares.map((share) => (share * capacity) / total);
  return shares.fill(capacity / cameras.length);
}

const kilobytesOf = ({ kilobytes }: CameraLoad) => kilobytes;
const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);
