import { requireChoice, requireInteger, requireRange } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import { type LidarOptions, lidar, type StereoOptions, stereoRig } from '../lidar/index.js';
import type { Turn } from './layout.js';
import { checkedNoise, type PoseNoise } from './pose-noise.js';

/** A road-side unit at a corner of the crossing, looking at its middle. */
export interface RsuOptions {
  /** 3 to 12 m; 5 unless told otherwise. */
  readonly heightMeters?: number;
  /** How far it looks down, 0 to 45; 5 unless told otherwise. */
  readonly pitchDeg?: number;
  /** As the vehicles' unless told otherwise. */
  readonly beams?: number;
}

/** A UAV over the crossing with a LiDAR that looks down. */
export interface UavOptions {
  /** 20 to 60 m; 40 unless told otherwise. */
  readonly altitudeMeters?: number;
  /** Standard deviation of roll and of pitch, 0 to 10; 2 unless told otherwise. */
  readonly tiltDeg?: number;
  /** Standard deviation of each coordinate it believes to be at, per metre of altitude, 0 to 0.1; 0.005 unless told otherwise. */
  readonly errorPerMeter?: number;
  /** 64 unless told otherwise. */
  readonly beams?: number;
  /** -89 to -30 unless told otherwise. */
  readonly elevationDeg?: readonly [lowest: number, highest: number];
}

/** When agents sense, and what their clocks say. The ego senses when the frame is. */
export interface ClockOptions {
  /** The others' clouds were taken up to this long before the frame, each agent at its own constant part of it; 0 to 1 s. */
  readonly lagSec?: number;
  /** Standard deviation of what comes to an agent's lag anew in every frame, 0 to 0.1 s. */
  readonly jitterSec?: number;
  /** Standard deviation of the constant error of each agent's clock, the ego's too, 0 to 1 s. */
  readonly offsetSec?: number;
}

export interface CrossingOptions {
  readonly rng: Rng;
  /** How long the scene lasts at ten frames a second, 0.1 to 60; 6 unless told otherwise. */
  readonly seconds?: number;
  /** Cars that are not connected, 0 to 40; 20 to 26 by the seed unless told otherwise. */
  readonly cars?: number;
  /** Share of those cars that are parked; 0.3 unless told otherwise. */
  readonly parkedShare?: number;
  /** Trucks besides the cars, all driving, 0 to 6; none unless told otherwise. */
  readonly trucks?: number;
  /** Connected vehicles, one an arm, 1 to 4; 3 unless told otherwise. */
  readonly cavs?: number;
  /** Where the ego goes at the crossing; straight on unless told otherwise. */
  readonly egoTurn?: Turn;
  readonly lidar?: LidarOptions;
  /** Of the ego alone; as the other vehicles' unless told otherwise. */
  readonly egoBeams?: number;
  /** Stereo cameras of the ego; none unless told otherwise. */
  readonly egoCameras?: StereoOptions;
  readonly rsu?: RsuOptions;
  readonly uav?: UavOptions;
  readonly poseNoise?: PoseNoise;
  readonly clock?: ClockOptions;
}

type Optional = 'rsu' | 'uav' | 'egoBeams' | 'egoCameras' | 'cars';

/** The options with nothing left to guess. */
export type Settings = Required<Omit<CrossingOptions, Optional | 'lidar' | 'clock'>> & {
  readonly lidar: Required<LidarOptions>;
  readonly clock: Required<ClockOptions>;
  readonly cars: number;
  readonly egoBeams?: number;
  readonly egoCameras?: Required<StereoOptions>;
  readonly rsu?: Omit<Required<RsuOptions>, 'beams'> & Pick<RsuOptions, 'beams'>;
  readonly uav?: Required<UavOptions>;
};

/** @throws InputError for the first option outside its range. */
export function settingsOf(options: CrossingOptions): Settings {
  const {
    rng,
    seconds = 6,
    parkedShare = 0.3,
    trucks = 0,
    cavs = 3,
    egoTurn = 'straight',
    poseNoise = {},
  } = options;
  const { cars = 20 + rng.fork('count').integer(7), egoBeams, egoCameras, rsu, uav } = options;
  requireRange('seconds', seconds, 0.1, 60);
  requireInteger('cars', cars, 0, 40);
  requireRange('parkedShare', parkedShare, 0, 1);
  requireInteger('trucks', trucks, 0, 6);
  requireInteger('cavs', cavs, 1, 4);
  requireChoice('egoTurn', egoTurn, ['straight', 'left', 'right']);
  if (egoBeams !== undefined) requireInteger('egoBeams', egoBeams, 1, 256);
  checkedNoise(poseNoise);
  return {
    ...{ rng, seconds, cars, parkedShare, trucks, cavs, egoTurn, poseNoise },
    lidar: lidar(options.lidar).options,
    clock: clockOf(options.clock),
    ...(egoBeams !== undefined && { egoBeams }),
    ...(egoCameras && { egoCameras: stereoRig(egoCameras).options }),
    ...(rsu && { rsu: rsuOf(rsu) }),
    ...(uav && { uav: uavOf(uav) }),
  };
}

function clockOf({ lagSec = 0, jitterSec = 0, offsetSec = 0 }: ClockOptions = {}): Required<ClockOptions> {
  requireRange('clock.lagSec', lagSec, 0, 1);
  requireRange('clock.jitterSec', jitterSec, 0, 0.1);
  requireRange('clock.offsetSec', offsetSec, 0, 1);
  return { lagSec, jitterSec, offsetSec };
}

function rsuOf({ heightMeters = 5, pitchDeg = 5, beams }: RsuOptions): NonNullable<Settings['rsu']> {
  requireRange('rsu.heightMeters', heightMeters, 3, 12);
  requireRange('rsu.pitchDeg', pitchDeg, 0, 45);
  if (beams !== undefined) requireInteger('rsu.beams', beams, 1, 256);
  return { heightMeters, pitchDeg, ...(beams !== undefined && { beams }) };
}

function uavOf(given: UavOptions): Required<UavOptions> {
  const {
    altitudeMeters = 40,
    tiltDeg = 2,
    errorPerMeter = 0.005,
    beams = 64,
    elevationDeg = [-89, -30],
  } = given;
  requireRange('uav.altitudeMeters', altitudeMeters, 20, 60);
  requireRange('uav.tiltDeg', tiltDeg, 0, 10);
  requireRange('uav.errorPerMeter', errorPerMeter, 0, 0.1);
  requireInteger('uav.beams', beams, 1, 256);
  return { altitudeMeters, tiltDeg, errorPerMeter, beams, elevationDeg };
}
