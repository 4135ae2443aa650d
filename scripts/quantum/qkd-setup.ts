import {
  type Bb84,
  bb84,
  bb84Gain,
  type DecoyLink,
  type FreeSpace,
  freeSpace,
  intensitiesOf,
  liveShare,
  type MdiLink,
  transmissivity,
} from 'semwave/quantum';

/** One set of hardware for every protocol: 100 MHz, detectors of 60 %, 100 dark clicks a second, gates of 1 ns. */
const detector = { efficiency: 0.6, darkCountRateHz: 100, deadTimeSec: 2e-8 };
const gateSec = 1e-9;
const source = { pulseRateHz: 1e8, meanPhotonNumber: 0.5, polarizationFidelity: 0.98 };
export const attenuationDbPerKm = 0.2;
const misalignment = (1 - source.polarizationFidelity) / 2;
/** Bits that error correction tells over those of Shannon's limit: what Cascade needs at 1 %. */
export const inefficiency = 1.1;
export const keyBasisProbability = 0.7;

/** Simulated BB84 over fibre; intensities and bases are near the best for blocks of a million clicks. */
export const overFibre = (distanceKm: number): Bb84 =>
  bb84({
    source,
    detector,
    gateSec,
    keyBasisProbability,
    transmissivity: transmissivity(attenuationDbPerKm * distanceKm),
    delaySec: distanceKm / 2e5,
    decoys: [
      { meanPhotonNumber: 0.2, probability: 0.4 },
      { meanPhotonNumber: 0.001, probability: 0.1 },
    ],
  });

/** Pulses after which a number of them was detected. */
export function pulsesFor(config: Bb84, detections: number): number {
  const share = intensitiesOf(config).reduce(
    (sum, { meanPhotonNumber, probability }) => sum + probability * bb84Gain(config, meanPhotonNumber).gain,
    0,
  );
  return Math.round(detections / (share * liveShare(config)));
}

/** The same hardware as closed forms describe it; sifting keeps what both send in the key basis. */
export const decoyLink = (distanceKm: number): DecoyLink => ({
  lengthKm: distanceKm,
  attenuationDbPerKm,
  receiverEfficiency: detector.efficiency,
  backgroundYield: 2 * detector.darkCountRateHz * gateSec,
  misalignment,
  inefficiency,
  sifting: keyBasisProbability ** 2,
});

/** A relay half way. */
export function mdiLink(distanceKm: number): MdiLink {
  const efficiency = detector.efficiency * transmissivity((attenuationDbPerKm * distanceKm) / 2);
  return {
    efficiencyA: efficiency,
    efficiencyB: efficiency,
    darkProbability: detector.darkCountRateHz * gateSec,
    misalignment,
  };
}

/** A satellite that sends down: 5 cm waist, 1 m telescope, 2 microradian of jitter, 6 dB in optics. */
export const downlink: FreeSpace = freeSpace({
  wavelengthMeters: 8.5e-7,
  waistMeters: 0.05,
  apertureMeters: 1,
  pointingJitterRad: 2e-6,
  turbulentSpreadRad: 5e-6,
  opticsLossDb: 6,
});

/** Its sender and receiver, at night. */
export const fromSatellite: Bb84 = bb84({
  source: { ...source, meanPhotonNumber: 0.7 },
  detector: { ...detector, darkCountRateHz: 500 },
  gateSec,
  keyBasisProbability,
  decoys: [
    { meanPhotonNumber: 0.2, probability: 0.3 },
    { meanPhotonNumber: 0.001, probability: 0.1 },
  ],
});
