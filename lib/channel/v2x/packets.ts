import { requireRange } from '../../base/index.js';

/**
 * Thermal noise in dBm, -174 dBm/Hz over the bandwidth, plus the receiver's own.
 * @param options.bandwidthHz 1 to 1e12
 * @param options.noiseFigureDb 0 to 50
 * @throws InputError when one is out of range.
 */
export function noiseFloorDbm(options: { bandwidthHz: number; noiseFigureDb: number }): number {
  const bandwidth = requireRange('bandwidthHz', options.bandwidthHz, 1, 1e12, 'Hz');
  return (
    -174 + 10 * Math.log10(bandwidth) + requireRange('noiseFigureDb', options.noiseFigureDb, 0, 50, 'dB')
  );
}

/** Ratio in dB of a signal to the sum of noise and interferers, all in dBm. */
export function sinrDb(signalDbm: number, noiseDbm: number, interferersDbm: readonly number[] = []): number {
  const milliwatts = interferersDbm.reduce((sum, dbm) => sum + 10 ** (dbm / 10), 10 ** (noiseDbm / 10));
  return signalDbm - 10 * Math.log10(milliwatts);
}

/** A packet error rate that falls along a logistic curve of the SINR. */
export interface LogisticErrors {
  /** Steepness, above 0. */
  readonly slopePerDb: number;
  /** SINR at which half of the packets are lost. */
  readonly midpointDb: number;
}

/**
 * One published fit for messages of vehicles, with line of sight and without, of no stated rate nor length: put a
 * curve of your own modulation in its place where that matters.
 */
export const LOGISTIC_ERRORS = {
  los: { slopePerDb: 0.9, midpointDb: 4 },
  nlos: { slopePerDb: 0.7, midpointDb: 6 },
} as const satisfies Record<string, LogisticErrors>;

/**
 * Share of packets lost, 1 / (1 + exp(slope (SINR - midpoint))).
 * @throws InputError unless the slope lies in (0, 100] and the midpoint within 100 dB of 0.
 */
export function packetErrorRate(sinr: number, errors: LogisticErrors): number {
  const slope = requireRange('slopePerDb', errors.slopePerDb, Number.MIN_VALUE, 100, '1/dB');
  const midpoint = requireRange('midpointDb', errors.midpointDb, -100, 100, 'dB');
  return 1 / (1 + Math.exp(slope * (sinr - midpoint)));
}
