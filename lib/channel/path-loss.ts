import { InputError, requireChoice, requireRange } from '../base/index.js';
import type { Rng } from '../math/index.js';

/** TR 38.901's urban macro, urban micro street canyon, rural macro and indoor office. */
export type Scenario = 'uma' | 'umi' | 'rma' | 'inh';

/** Where the two ends of a link stand. Heights left out are the scenario's own. */
export interface LinkGeometry {
  scenario: Scenario;
  /** Horizontal distance d2D: 10 to 5000 (10 000 of `rma` in line of sight); of `inh` d3D is 1 to 150. */
  distanceMeters: number;
  /** 0.5e9 to 100e9; to 30e9 of `rma`. */
  carrierHz: number;
  /** `rma` 10 to 150 (35 when left out), `inh` 1 to 20 (3); fixed at 25 of `uma` and 10 of `umi`. */
  baseHeightMeters?: number;
  /** `uma`, `umi` 1.5 to 22.5 (1.5 when left out), `rma` 1 to 10 (1.5), `inh` 0.5 to 20 (1). */
  userHeightMeters?: number;
  /** `rma` only: mean width of streets, 5 to 50 (20), and height of buildings, 5 to 50 (5). */
  streetWidthMeters?: number;
  buildingHeightMeters?: number;
}

/** A link geometry, and whether the ends see each other. */
export interface LinkState extends LinkGeometry {
  lineOfSight: boolean;
}

interface Place {
  /** Horizontal and direct distance. */
  d2: number;
  d3: number;
  fcGhz: number;
  base: number;
  user: number;
  street: number;
  building: number;
}

type Range = readonly [low: number, high: number, own: number];

interface Model {
  distance: readonly [low: number, sighted: number, unsighted: number];
  maxGhz: number;
  base: Range;
  user: Range;
  sighted(place: Place): number;
  /** Before the maximum with the loss in line of sight. */
  unsighted(place: Place): number;
  shadowingDb(place: Place): readonly [sighted: number, unsighted: number];
}

/** The propagation velocity as 38.901 rounds it for its breakpoints. */
const VELOCITY = 3e8;
/** Effective height of the environment: what UMi has, and UMa for users below 13 m. */
const ENVIRONMENT_HEIGHT = 1;
const log = Math.log10;

/** TR 38.901 V19.2, Table 7.4.1-1. */
const models: Readonly<Record<Scenario, Model>> = {
  uma: {
    distance: [10, 5000, 5000],
    maxGhz: 100,
    base: [25, 25, 25],
    user: [1.5, 22.5, 1.5],
    sighted: (at) => twoSlopes(at, { constant: 28, slope: 22, correction: 9 }),
    unsighted: ({ d3, fcGhz, user }) => 13.54 + 39.08 * log(d3) + 20 * log(fcGhz) - 0.6 * (user - 1.5),
    shadowingDb: () => [4, 6],
  },
  umi: {
    distance: [10, 5000, 5000],
    maxGhz: 100,
    base: [10, 10, 10],
    user: [1.5, 22.5, 1.5],
    sighted: (at) => twoSlopes(at, { constant: 32.4, slope: 21, correction: 9.5 }),
    unsighted: ({ d3, fcGhz, user }) => 22.4 + 35.3 * log(d3) + 21.3 * log(fcGhz) - 0.3 * (user - 1.5),
    shadowingDb: () => [4, 7.82],
  },
  rma: {
    distance: [10, 10_000, 5000],
    maxGhz: 30,
    base: [10, 150, 35],
    user: [1, 10, 1.5],
    sighted(at) {
      const bend = ruralBreakpoint(at);
      if (at.d2 <= bend) return ruralNear(at.d3, at);
      return ruralNear(bend, at) + 40 * log(at.d3 / bend);
    },
    unsighted: ({ d3, fcGhz, base, user, street, building }) =>
      161.04 -
      7.1 * log(street) +
      7.5 * log(building) -
      (24.37 - 3.7 * (building / base) ** 2) * log(base) +
      (43.42 - 3.1 * log(base)) * (log(d3) - 3) +
      20 * log(fcGhz) -
      (3.2 * log(11.75 * user) ** 2 - 4.97),
    shadowingDb: (at) => [at.d2 <= ruralBreakpoint(at) ? 4 : 6, 8],
  },
  inh: {
    distance: [1, 150, 150],
    maxGhz: 100,
    base: [1, 20, 3],
    user: [0.5, 20, 1],
    sighted: ({ d3, fcGhz }) => 32.4 + 17.3 * log(d3) + 20 * log(fcGhz),
    unsighted: ({ d3, fcGhz }) => 17.3 + 38.3 * log(d3) + 24.9 * log(fcGhz),
    shadowingDb: () => [3, 8.03],
  },
};

function twoSlopes(
  { d2, d3, fcGhz, base, user }: Place,
  { constant, slope, correction }: { constant: number; slope: number; correction: number },
): number {
  const bend = (4 * (base - ENVIRONMENT_HEIGHT) * (user - ENVIRONMENT_HEIGHT) * fcGhz * 1e9) / VELOCITY;
  const atOneMetre = constant + 20 * log(fcGhz);
  if (d2 <= bend) return atOneMetre + slope * log(d3);
  return atOneMetre + 40 * log(d3) - correction * log(bend ** 2 + (base - user) ** 2);
}

function ruralBreakpoint({ base, user, fcGhz }: Place): number {
  return (2 * Math.PI * base * user * fcGhz * 1e9) / VELOCITY;
}

function ruralNear(distance: number, { fcGhz, building }: Place): number {
  return (
    20 * log((40 * Math.PI * distance * fcGhz) / 3) +
    Math.min(0.03 * building ** 1.72, 10) * log(distance) -
    Math.min(0.044 * building ** 1.72, 14.77) +
    0.002 * log(building) * distance
  );
}

/**
 * Mean path loss in dB (TR 38.901, Table 7.4.1-1), without shadow fading; without line of sight never less than
 * with it. The effective environment height of UMa is 1 m, which the specification draws at random for users of
 * 13 m and above.
 * @throws InputError when a number lies outside the range for which the specification gives the formula.
 */
export function pathLossDb(link: LinkState): number {
  const { model, place } = placeOf(link, link.lineOfSight);
  const sighted = model.sighted(place);
  return link.lineOfSight ? sighted : Math.max(sighted, model.unsighted(place));
}

/**
 * Standard deviation of the shadow fading, which is normal in dB (TR 38.901, Table 7.4.1-1).
 * @throws InputError as `pathLossDb`.
 */
export function shadowFadingStdDb(link: LinkState): number {
  const { model, place } = placeOf(link, link.lineOfSight);
  return model.shadowingDb(place)[link.lineOfSight ? 0 : 1];
}

/** What the large scale makes of a link: one draw. */
export interface LargeScale {
  lineOfSight: boolean;
  /** Mean path loss plus shadow fading. */
  pathLossDb: number;
  shadowFadingDb: number;
}

/**
 * Draws whether there is line of sight, and the shadow fading. The distance must be one for which the formulas of
 * both cases hold.
 * @param office for `inh`: an open office, or a mixed one (the default)
 * @throws InputError when a number is out of range.
 */
export function sampleLargeScale(
  rng: Rng,
  geometry: LinkGeometry,
  office: 'mixed' | 'open' = 'mixed',
): LargeScale {
  placeOf(geometry, false);
  const lineOfSight = rng.uniform() < lineOfSightProbability({ ...geometry, office });
  const link = { ...geometry, lineOfSight };
  const shadowFadingDb = rng.normal(0, shadowFadingStdDb(link));
  return { lineOfSight, shadowFadingDb, pathLossDb: pathLossDb(link) + shadowFadingDb };
}

/**
 * Probability that the ends see each other (TR 38.901, Table 7.4.2-1).
 * @param options.distanceMeters horizontal distance outdoors, 0 to 10 000
 * @param options.userHeightMeters matters for `uma` only, 1.5 to 22.5; 1.5 when left out
 * @param options.office for `inh`: an open office, or a mixed one (the default)
 * @throws InputError when a number is out of range.
 */
export function lineOfSightProbability(options: {
  scenario: Scenario;
  distanceMeters: number;
  userHeightMeters?: number;
  office?: 'mixed' | 'open';
}): number {
  const { scenario, office = 'mixed' } = options;
  requireChoice('scenario', scenario, Object.keys(models) as Scenario[]);
  requireChoice('office', office, ['mixed', 'open'] as const);
  const d = requireRange('distanceMeters', options.distanceMeters, 0, 10_000, 'm');
  if (scenario === 'rma') return d <= 10 ? 1 : Math.exp(-(d - 10) / 1000);
  if (scenario === 'inh') return office === 'open' ? openOffice(d) : mixedOffice(d);
  if (d <= 18) return 1;
  const street = (scale: number) => 18 / d + Math.exp(-d / scale) * (1 - 18 / d);
  if (scenario === 'umi') return street(36);
  const user = requireRange('userHeightMeters', options.userHeightMeters ?? 1.5, 1.5, 22.5, 'm');
  const height = user <= 13 ? 0 : ((user - 13) / 10) ** 1.5;
  return street(63) * (1 + height * 1.25 * (d / 100) ** 3 * Math.exp(-d / 150));
}

function mixedOffice(d: number): number {
  if (d <= 1.2) return 1;
  return d < 6.5 ? Math.exp(-(d - 1.2) / 4.7) : 0.32 * Math.exp(-(d - 6.5) / 32.6);
}

function openOffice(d: number): number {
  if (d <= 5) return 1;
  return d <= 49 ? Math.exp(-(d - 5) / 70.8) : 0.54 * Math.exp(-(d - 49) / 211.7);
}

/** The model of the scenario and the checked geometry. */
function placeOf(link: LinkGeometry, lineOfSight: boolean): { model: Model; place: Place } {
  requireChoice('scenario', link.scenario, Object.keys(models) as Scenario[]);
  const model = models[link.scenario];
  const inScenario = (name: keyof LinkGeometry, [low, high, own]: Range) =>
    requireRange(`${name} of ${link.scenario}`, (link[name] as number | undefined) ?? own, low, high, 'm');
  const base = inScenario('baseHeightMeters', model.base);
  const user = inScenario('userHeightMeters', model.user);
  const [low, sighted, unsighted] = model.distance;
  const d2 = requireRange('distanceMeters', link.distanceMeters, 0, 10_000, 'm');
  const d3 = Math.hypot(d2, base - user);
  const [measured, name] = link.scenario === 'inh' ? [d3, 'direct distance'] : [d2, 'distanceMeters'];
  requireRange(`${name} of ${link.scenario}`, measured, low, lineOfSight ? sighted : unsighted, 'm');
  const carrierHz = requireRange(
    `carrierHz of ${link.scenario}`,
    link.carrierHz,
    0.5e9,
    model.maxGhz * 1e9,
    'Hz',
  );
  if (link.scenario !== 'rma') {
    for (const name of ['streetWidthMeters', 'buildingHeightMeters'] as const) {
      if (link[name] !== undefined) throw new InputError(`${name} of ${link.scenario}; allowed: of rma only`);
    }
  }
  const street = inScenario('streetWidthMeters', [5, 50, 20]);
  const building = inScenario('buildingHeightMeters', [5, 50, 5]);
  return { model, place: { d2, d3, fcGhz: carrierHz / 1e9, base, user, street, building } };
}
