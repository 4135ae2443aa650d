import { requireChoice, requireRange } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import { addPhasor, requireDoppler, turnOf } from '../clarke.js';
import { type ImpulseModel, type ImpulseShape, requireRequest } from '../impulse.js';
import { type AntennaArray, directionOf, elementsOf, patternAmplitude, steering } from './array.js';
import { type CdlName, type Cluster, cdlProfiles } from './profiles.js';

/** Offsets of the 20 rays of a cluster for a spread of 1 (TR 38.901, Table 7.5-3), each with either sign. */
const RAY_OFFSETS = [0.0447, 0.1413, 0.2492, 0.3715, 0.5129, 0.6797, 0.8844, 1.1481, 1.5195, 2.1551].flatMap(
  (offset) => [offset, -offset],
);
const RAYS = RAY_OFFSETS.length;
const DEGREE = Math.PI / 180;

/** Of a clustered delay line. */
export interface CdlOptions {
  profile: CdlName;
  /** RMS delay spread the table is scaled to, 0 to 1e-3. */
  delaySpreadSec: number;
  transmitArray: AntennaArray;
  receiveArray: AntennaArray;
  /** The largest Doppler shift (`maxDopplerHz`) of the moving receiver, 0 to 1e9; 0, the default, stands still. */
  dopplerHz?: number;
  /** Azimuth towards which the receiver moves, -2 pi to 2 pi; 0 when left out. */
  travelAzimuthRad?: number;
}

/** A ray by its angles in radians. */
export interface Ray {
  aod: number;
  aoa: number;
  zod: number;
  zoa: number;
}

/** What all draws of a channel have in common. */
interface Setting {
  receive: AntennaArray;
  transmit: AntennaArray;
  /** Direction in which the receiver moves. */
  travel: readonly [number, number, number];
  /** fD times the time between moments. */
  cyclesPerStep: number;
  shape: ImpulseShape;
  /** Of each cluster, before their angles are coupled. */
  rays: readonly Ray[][];
}

/** Polarisation of a ray: [[theta to theta, phi to theta], [theta to phi, phi to phi]], interleaved. */
type Polarisation = Float64Array;

/**
 * Clustered delay line of TR 38.901, 7.7.1: clusters of 20 rays with the table's angles, coupled at random, between
 * two arrays whose responses, patterns and polarisations they meet (equations 7.5-28 and 7.5-29); the line of sight
 * of CDL-D and CDL-E arrives with the first cluster at a random phase. Powers sum to 1, so that isotropic vertical
 * elements have unit mean gain; the 38.901 element brings its own gain.
 * @throws InputError when an option is out of range.
 */
export function cdl(options: CdlOptions): ImpulseModel {
  const { profile, transmitArray, receiveArray, dopplerHz = 0, travelAzimuthRad = 0 } = options;
  requireChoice('profile', profile, Object.keys(cdlProfiles) as CdlName[]);
  const delaySpreadSec = requireRange('delaySpreadSec', options.delaySpreadSec, 0, 1e-3, 's');
  requireDoppler(dopplerHz);
  requireRange('travelAzimuthRad', travelAzimuthRad, -2 * Math.PI, 2 * Math.PI, 'rad');
  const [receive, transmit] = [elementsOf(receiveArray), elementsOf(transmitArray)];
  const { clusters } = cdlProfiles[profile];
  const rays = clusters.map((cluster) => raysOf(profile, cluster));
  const paths = clusters.length;
  return {
    name: profile.toLowerCase(),
    receive,
    transmit,
    draw(rng, request) {
      requireRequest(request, paths * receive * transmit);
      const { links, times, periodSec } = request;
      const shape = { links, receive, transmit, paths, times };
      const gains = new Float32Array(2 * links * receive * transmit * paths * times);
      const setting: Setting = {
        receive: receiveArray,
        transmit: transmitArray,
        travel: directionOf(travelAzimuthRad, Math.PI / 2),
        cyclesPerStep: dopplerHz * periodSec,
        shape,
        rays,
      };
      for (let link = 0; link < links; link++) drawLink(rng, gains, link, profile, setting);
      const delaysSec = Float64Array.from(
        { length: links * paths },
        (_, index) => clusters[index % paths]![0] * delaySpreadSec,
      );
      return { shape, delaysSec, gains };
    },
  };
}

function drawLink(rng: Rng, gains: Float32Array, link: number, profile: CdlName, setting: Setting): void {
  const { clusters, lineOfSight, crossPolarisationDb } = cdlProfiles[profile];
  const ratioOf = (cluster: Cluster) => 10 ** (cluster[1] / 10);
  const total = [...clusters, ...(lineOfSight ? [lineOfSight] : [])].reduce((sum, c) => sum + ratioOf(c), 0);
  const leak = 10 ** (-crossPolarisationDb / 20);
  clusters.forEach((cluster, path) => {
    const amplitude = Math.sqrt(ratioOf(cluster) / total / RAYS);
    for (const ray of coupledRays(rng, setting.rays[path]!)) {
      addRay(gains, { link, path, amplitude }, ray, scatteredPolarisation(rng, leak), setting);
    }
  });
  if (!lineOfSight) return;
  const amplitude = Math.sqrt(ratioOf(lineOfSight) / total);
  addRay(
    gains,
    { link, path: 0, amplitude },
    raysOf(profile, lineOfSight, [0])[0]!,
    directPolarisation(rng),
    setting,
  );
}

/** The rays of a cluster at the given offsets, all four angles alike (equation 7.7-0a). */
export function raysOf(profile: CdlName, cluster: Cluster, offsets: readonly number[] = RAY_OFFSETS): Ray[] {
  const { spreadsDeg } = cdlProfiles[profile];
  const [, , aod, aoa, zod, zoa] = cluster;
  return offsets.map((offset) => ({
    aod: (aod + spreadsDeg.aod * offset) * DEGREE,
    aoa: (aoa + spreadsDeg.aoa * offset) * DEGREE,
    zod: (zod + spreadsDeg.zod * offset) * DEGREE,
    zoa: (zoa + spreadsDeg.zoa * offset) * DEGREE,
  }));
}

/** The rays with their angles coupled at random (7.5, step 8). */
function coupledRays(rng: Rng, rays: readonly Ray[]): Ray[] {
  const [aod, zod, zoa] = [rng.permutation(RAYS), rng.permutation(RAYS), rng.permutation(RAYS)];
  return rays.map(({ aoa }, ray) => ({
    aoa,
    aod: rays[aod[ray]!]!.aod,
    zod: rays[zod[ray]!]!.zod,
    zoa: rays[zoa[ray]!]!.zoa,
  }));
}

/** Four random phases; what crosses from one polarisation to the other is weaker by `leak`. */
function scatteredPolarisation(rng: Rng, leak: number): Polarisation {
  const out = new Float64Array(8);
  [1, leak, leak, 1].forEach((size, entry) => {
    const phase = rng.uniform(0, 2 * Math.PI);
    out[2 * entry] = size * Math.cos(phase);
    out[2 * entry + 1] = size * Math.sin(phase);
  });
  return out;
}

/** [[1, 0], [0, -1]] at a random phase. */
function directPolarisation(rng: Rng): Polarisation {
  const phase = rng.uniform(0, 2 * Math.PI);
  const [re, im] = [Math.cos(phase), Math.sin(phase)];
  return Float64Array.of(re, im, 0, 0, 0, 0, -re, -im);
}

/** Adds one ray's part to a path's gains between all elements at all moments. */
function addRay(
  gains: Float32Array,
  { link, path, amplitude }: { link: number; path: number; amplitude: number },
  ray: Ray,
  polarisation: Polarisation,
  setting: Setting,
): void {
  const { receive, transmit, travel, cyclesPerStep, shape } = setting;
  const arrival = steering(receive, ray.aoa, ray.zoa);
  const departure = steering(transmit, ray.aod, ray.zod);
  const size =
    amplitude * patternAmplitude(receive, ray.aoa, ray.zoa) * patternAmplitude(transmit, ray.aod, ray.zod);
  const direction = directionOf(ray.aoa, ray.zoa);
  const towards = direction.reduce((sum, value, axis) => sum + value * travel[axis]!, 0);
  const turn = turnOf(2 * Math.PI * cyclesPerStep * towards);
  const row = { out: gains, start: 0, count: shape.times };
  for (let s = 0; s < shape.transmit; s++) {
    const field = fieldOf(polarisation, transmit.slants, s);
    const [dr, di] = [size * departure[2 * s]!, size * departure[2 * s + 1]!];
    for (let u = 0; u < shape.receive; u++) {
      const [vertical, across] = [receive.slants[2 * u]!, receive.slants[2 * u + 1]!];
      const [fr, fi] = [vertical * field[0] + across * field[2], vertical * field[1] + across * field[3]];
      const [ar, ai] = [arrival[2 * u]!, arrival[2 * u + 1]!];
      const [re, im] = [ar * dr - ai * di, ar * di + ai * dr];
      row.start = (((link * shape.receive + u) * shape.transmit + s) * shape.paths + path) * shape.times;
      addPhasor(row, re * fr - im * fi, re * fi + im * fr, turn);
    }
  }
}

/** What arrives of an element's field (cos slant, sin slant): M F (polarisation model 2, equations 7.3-4 and 7.3-5). */
function fieldOf(
  m: Polarisation,
  slants: Float64Array,
  element: number,
): [thetaRe: number, thetaIm: number, phiRe: number, phiIm: number] {
  const [vertical, across] = [slants[2 * element]!, slants[2 * element + 1]!];
  return [
    m[0]! * vertical + m[2]! * across,
    m[1]! * vertical + m[3]! * across,
    m[4]! * vertical + m[6]! * across,
    m[5]! * vertical + m[7]! * across,
  ];
}
