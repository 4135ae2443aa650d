import { InputError, requireInteger } from '../../base/index.js';
import { amplitudes, type CsiRecording } from './recording.js';

/**
 * How restless a window is: the standard deviation of each amplitude over time, averaged over links and subcarriers
 * (`raw`); `gain-normalised` divides each packet by its mean amplitude first, which removes a gain that jumps from packet
 * to packet along with part of the motion.
 */
export type MotionFeature = 'raw' | 'gain-normalised';

/** One window of a recording of known content. */
export interface MotionWindow {
  /** What made the recording: a chip, a room. */
  readonly device: string;
  readonly moving: boolean;
  readonly feature: number;
}

/**
 * The feature of each whole window of `length` packets; packets left over at the end are dropped.
 * @throws InputError unless `length` is an integer from 2.
 */
export function motionFeatures(recording: CsiRecording, feature: MotionFeature, length = 100): number[] {
  requireInteger('window length', length, 2);
  const { packets, links, subcarriers } = recording;
  const columns = links * subcarriers;
  const size = amplitudes(recording);
  if (feature === 'gain-normalised') normaliseGain(size, columns);
  return Array.from({ length: Math.floor(packets / length) }, (_, window) => {
    let sum = 0;
    for (let column = 0; column < columns; column++) {
      sum += deviation(size, window * length * columns + column, columns, length);
    }
    return sum / columns;
  });
}

function normaliseGain(size: Float32Array, columns: number): void {
  for (let start = 0; start < size.length; start += columns) {
    const packet = size.subarray(start, start + columns);
    const mean = packet.reduce((sum, value) => sum + value, 0) / columns;
    if (mean > 0) for (let index = 0; index < columns; index++) packet[index]! /= mean;
  }
}

function deviation(size: Float32Array, start: number, stride: number, length: number): number {
  let mean = 0;
  for (let index = 0; index < length; index++) mean += size[start + index * stride]! / length;
  let squares = 0;
  for (let index = 0; index < length; index++) squares += (size[start + index * stride]! - mean) ** 2;
  return Math.sqrt(squares / length);
}

/**
 * The threshold above which a window counts as motion that makes most of the given windows right: among the
 * midpoints between neighbouring features the lowest of the best.
 * @throws InputError when there are no windows.
 */
export function fitMotionThreshold(windows: readonly MotionWindow[]): number {
  if (windows.length === 0) throw new InputError('motion threshold of 0 windows; allowed: 1 or more');
  const sorted = [...windows].sort((a, b) => a.feature - b.feature);
  let right = sorted.filter(({ moving }) => moving).length;
  let best = { right, threshold: sorted[0]!.feature - 1 };
  for (const [index, { feature, moving }] of sorted.entries()) {
    right += moving ? -1 : 1;
    const following = sorted[index + 1]?.feature ?? feature + 2;
    if (following > feature && right > best.right) best = { right, threshold: (feature + following) / 2 };
  }
  return best.threshold;
}

/** Right decisions on the windows of one device. */
export interface MotionScore {
  device: string;
  correct: number;
  windows: number;
}

/**
 * Detection across devices: the windows of each device are judged by the threshold fitted on all other devices.
 * @throws InputError for fewer than two devices.
 */
export function crossDeviceMotion(windows: readonly MotionWindow[]): MotionScore[] {
  const devices = [...new Set(windows.map(({ device }) => device))].sort();
  if (devices.length < 2) throw new InputError(`windows of ${devices.length} devices; allowed: 2 or more`);
  return devices.map((device) => {
    const threshold = fitMotionThreshold(windows.filter((window) => window.device !== device));
    const own = windows.filter((window) => window.device === device);
    const correct = own.filter(({ feature, moving }) => feature > threshold === moving).length;
    return { device, correct, windows: own.length };
  });
}
