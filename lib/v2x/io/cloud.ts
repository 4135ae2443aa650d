import { InputError } from '../../base/index.js';
import type { PointCloud } from '../types.js';

/** Points as a file holds them: the fourth value is in the file's own scale, not from 0 to 1. */
export interface RawCloud {
  readonly count: number;
  /** x, y, z and what stands for the intensity, of each point. */
  readonly points: Float32Array;
  /** Points left out since one of these values was no finite number. */
  readonly dropped: number;
}

interface Collector {
  add(x: number, y: number, z: number, intensity: number): void;
  finish(): RawCloud;
}

/** Collects up to `capacity` points; those with a value that is no finite single-precision number are left out and counted. */
export function collectPoints(capacity: number): Collector {
  const points = new Float32Array(4 * capacity);
  let kept = 0;
  let dropped = 0;
  return {
    add(x, y, z, intensity) {
      const at = 4 * kept;
      points[at] = x;
      points[at + 1] = y;
      points[at + 2] = z;
      points[at + 3] = intensity;
      // The sum of stored values: what is too large for single precision has become infinite by now.
      if (Number.isFinite(points[at]! + points[at + 1]! + points[at + 2]! + points[at + 3]!)) kept++;
      else dropped++;
    },
    finish: () => ({ count: kept, points: dropped ? points.slice(0, 4 * kept) : points, dropped }),
  };
}

/** The cloud with intensities from 0 to 1, where `fullScale` becomes 1 and what is beyond is clipped. */
export function scaleIntensity({ count, points }: RawCloud, fullScale: number): PointCloud {
  const scaled = points.slice();
  for (let at = 3; at < scaled.length; at += 4)
    scaled[at] = Math.min(1, Math.max(0, scaled[at]! / fullScale));
  return { count, points: scaled };
}

/** The cloud seen by a right-handed sensor of which x and z are those of the left-handed one: y changes its sign. */
export function mirrorCloud<C extends { readonly points: Float32Array }>(cloud: C): C {
  const points = cloud.points.slice();
  for (let at = 1; at < points.length; at += 4) points[at] = 0 - points[at]!;
  return { ...cloud, points };
}

/**
 * Reads rows of little-endian single-precision numbers, of which the first four are x, y, z and intensity: five a row in
 * nuScenes and V2X-Sim (`.pcd.bin`), four in KITTI.
 * @throws InputError when the bytes are no whole number of rows.
 */
export function parsePointRows(bytes: Buffer, valuesPerPoint: number, what: string): RawCloud {
  const rowBytes = 4 * valuesPerPoint;
  if (bytes.length % rowBytes !== 0) {
    throw new InputError(
      `${what}: ${bytes.length} bytes; allowed: a multiple of ${rowBytes}, ${valuesPerPoint} floats a point`,
    );
  }
  const collector = collectPoints(bytes.length / rowBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < bytes.length; at += rowBytes) {
    const value = (place: number) => view.getFloat32(at + 4 * place, true);
    collector.add(value(0), value(1), value(2), value(3));
  }
  return collector.finish();
}
