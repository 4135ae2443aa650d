import { requireChoice, requireInteger, requireRange } from '../../base/index.js';
import {
  type Axis,
  angleAxis,
  LIGHT_SPEED,
  type RadarGeometry,
  rangeAxis,
  velocityAxis,
  ways,
} from './axes.js';

/** A 5G NR carrier used for sensing. */
export interface NumerologyOptions {
  /** 1e8 to 1e12. */
  carrierHz: number;
  spacingHz: 15e3 | 30e3 | 60e3 | 120e3 | 240e3 | 480e3 | 960e3;
  /** 1 to 275, of 12 subcarriers each. */
  resourceBlocks: number;
  /** Slots of 14 symbols that are processed together, default 1; at most 100000. */
  slots?: number;
  geometry?: RadarGeometry;
}

/** What a numerology can sense. Distances and velocities are those of its geometry. */
export interface Numerology extends Required<NumerologyOptions> {
  readonly subcarriers: number;
  readonly symbols: number;
  readonly bandwidthHz: number;
  readonly wavelengthMeters: number;
  /** Mean distance of symbols, a slot over 14. */
  readonly symbolSec: number;
  /** Of the short cyclic prefix: 144 of 2048 samples of a symbol (TS 38.211 clause 5.3.1). */
  readonly prefixSec: number;
  readonly durationSec: number;
  readonly rangeResolutionMeters: number;
  /** Beyond it, ranges fold over. */
  readonly maxRangeMeters: number;
  /** Beyond it, echoes of one symbol reach into the next. */
  readonly prefixRangeMeters: number;
  readonly velocityResolution: number;
  /** Velocities from minus to plus this are told apart. */
  readonly maxVelocity: number;
}

/**
 * Resolution and ambiguity of a numerology: with B = 12 RB spacing, monostatic c / 2B, c / (2 spacing), +- lambda / (4 T_s)
 * and lambda / (2 T); bistatic twice as much, measured along the whole way.
 * @throws InputError for a parameter out of range.
 */
export function numerology(options: NumerologyOptions): Numerology {
  const { carrierHz, spacingHz, resourceBlocks, slots = 1, geometry = 'monostatic' } = options;
  requireRange('carrierHz', carrierHz, 1e8, 1e12, 'Hz');
  requireChoice('spacingHz', spacingHz, [15e3, 30e3, 60e3, 120e3, 240e3, 480e3, 960e3]);
  requireInteger('resourceBlocks', resourceBlocks, 1, 275);
  requireInteger('slots', slots, 1, 100_000);
  const way = LIGHT_SPEED / ways(geometry);
  const subcarriers = 12 * resourceBlocks;
  const symbolSec = 15 / spacingHz / 14;
  const durationSec = 14 * slots * symbolSec;
  const prefixSec = 144 / 2048 / spacingHz;
  return {
    carrierHz,
    spacingHz,
    resourceBlocks,
    slots,
    geometry,
    subcarriers,
    symbols: 14 * slots,
    bandwidthHz: subcarriers * spacingHz,
    wavelengthMeters: LIGHT_SPEED / carrierHz,
    symbolSec,
    prefixSec,
    durationSec,
    rangeResolutionMeters: way / (subcarriers * spacingHz),
    maxRangeMeters: way / spacingHz,
    prefixRangeMeters: way * prefixSec,
    velocityResolution: way / (carrierHz * durationSec),
    maxVelocity: way / (2 * carrierHz * symbolSec),
  };
}

/** Axes angle, range, velocity of an array over every subcarrier and symbol of a numerology. */
export function frameAxes(
  { subcarriers, symbols, spacingHz, symbolSec, carrierHz, geometry }: Numerology,
  antennas: { size: number; spacing?: number },
): [angle: Axis, range: Axis, velocity: Axis] {
  return [
    angleAxis(antennas),
    rangeAxis({ size: subcarriers, spacingHz, geometry }),
    velocityAxis({ size: symbols, periodSec: symbolSec, carrierHz, geometry }),
  ];
}
