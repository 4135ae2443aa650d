import { InputError, requireChoice, requireInteger, requireRange } from '../../base/index.js';

/** Antenna elements in a plane that faces a bearing. */
export interface AntennaArray {
  /** Positions of the elements in wavelengths, [elements, 3] as x, y, z. */
  readonly positions: Float64Array;
  /** Polarisation of each, [elements, 2]: the cosine and the sine of its slant from the vertical. */
  readonly slants: Float64Array;
  /** 'isotropic', of gain 1, or '38.901': 65 degrees wide and 8 dBi (TR 38.901, Table 7.3-1). */
  readonly pattern: 'isotropic' | '38.901';
  /** Azimuth that the plane faces. */
  readonly bearingRad: number;
}

/** Of a panel; a row stands along its horizontal, a column along z. */
export interface ArrayOptions {
  /** Elements, 1 to 64 each and 1024 in all; one of each when left out. */
  rows?: number;
  columns?: number;
  /** Distance of neighbours in wavelengths, 0.01 to 100; a half when left out. */
  rowSpacing?: number;
  columnSpacing?: number;
  /** 'V' vertical (the default), 'H' horizontal, 'VH' both or 'cross' -45 and +45 degrees at every position. */
  polarisation?: 'V' | 'H' | 'VH' | 'cross';
  pattern?: 'isotropic' | '38.901';
  /** Azimuth that the panel faces, -2 pi to 2 pi; 0, along x, when left out. */
  bearingRad?: number;
}

const slantsRad = {
  V: [0],
  H: [Math.PI / 2],
  VH: [0, Math.PI / 2],
  cross: [-Math.PI / 4, Math.PI / 4],
} as const;

/**
 * A uniform rectangular array (a linear one of one row) about the origin. Elements are ordered by column, then row,
 * then polarisation.
 * @throws InputError when an option is out of range.
 */
export function antennaArray(options: ArrayOptions = {}): AntennaArray {
  const { polarisation = 'V', pattern = 'isotropic', bearingRad = 0 } = options;
  const rows = requireInteger('rows', options.rows ?? 1, 1, 64);
  const columns = requireInteger('columns', options.columns ?? 1, 1, 64);
  const rowSpacing = requireRange('rowSpacing', options.rowSpacing ?? 0.5, 0.01, 100, 'wavelengths');
  const columnSpacing = requireRange('columnSpacing', options.columnSpacing ?? 0.5, 0.01, 100, 'wavelengths');
  requireChoice('polarisation', polarisation, Object.keys(slantsRad) as (keyof typeof slantsRad)[]);
  requireChoice('pattern', pattern, ['isotropic', '38.901'] as const);
  requireRange('bearingRad', bearingRad, -2 * Math.PI, 2 * Math.PI, 'rad');
  const own = slantsRad[polarisation];
  if (rows * columns * own.length > 1024) {
    throw new InputError(`array of ${rows * columns * own.length} elements; allowed: 1024`);
  }
  const positions: number[] = [];
  const slants: number[] = [];
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) {
      const across = (column - (columns - 1) / 2) * columnSpacing;
      const up = (row - (rows - 1) / 2) * rowSpacing;
      for (const slant of own) {
        positions.push(-across * Math.sin(bearingRad), across * Math.cos(bearingRad), up);
        slants.push(Math.cos(slant), Math.sin(slant));
      }
    }
  }
  const array = { positions: Float64Array.from(positions), slants: Float64Array.from(slants) };
  return { ...array, pattern, bearingRad };
}

/** How many elements an array has. */
export const elementsOf = ({ slants }: AntennaArray): number => slants.length / 2;

/** The unit vector of a direction. */
export function directionOf(azimuthRad: number, zenithRad: number): [x: number, y: number, z: number] {
  const sine = Math.sin(zenithRad);
  return [sine * Math.cos(azimuthRad), sine * Math.sin(azimuthRad), Math.cos(zenithRad)];
}

/** Amplitude of each element towards a direction: square root of the gain of the pattern (TR 38.901, Table 7.3-1). */
export function patternAmplitude(array: AntennaArray, azimuthRad: number, zenithRad: number): number {
  if (array.pattern === 'isotropic') return 1;
  const degrees = 180 / Math.PI;
  // Zenith back into 0..180 and azimuth into -180..180 of the panel's own axes: rays may stray beyond.
  const [x, y, z] = directionOf(azimuthRad - array.bearingRad, zenithRad);
  const vertical = Math.min(12 * ((Math.acos(Math.max(-1, Math.min(1, z))) * degrees - 90) / 65) ** 2, 30);
  const horizontal = Math.min(12 * ((Math.atan2(y, x) * degrees) / 65) ** 2, 30);
  return 10 ** ((8 - Math.min(vertical + horizontal, 30)) / 20);
}

/**
 * Response exp(j 2 pi r . d) of each element to a ray, interleaved: its phase by where the element stands.
 */
export function steering(array: AntennaArray, azimuthRad: number, zenithRad: number): Float64Array {
  const [x, y, z] = directionOf(azimuthRad, zenithRad);
  const { positions } = array;
  const out = new Float64Array(2 * elementsOf(array));
  for (let element = 0; element < elementsOf(array); element++) {
    const at = 3 * element;
    const angle = 2 * Math.PI * (x * positions[at]! + y * positions[at + 1]! + z * positions[at + 2]!);
    out[2 * element] = Math.cos(angle);
    out[2 * element + 1] = Math.sin(angle);
  }
  return out;
}
