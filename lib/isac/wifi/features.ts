import { requireInteger } from '../../base/index.js';
import type { CsiRecording } from './recording.js';

/** What a network sees of a sample: packets x subcarriers x channels, two channels a link. */
export interface SensingFeatures {
  readonly shape: readonly [packets: number, subcarriers: number, channels: number];
  readonly values: Float32Array;
}

/**
 * The two channels of each link: how the amplitude strays from its mean over time, and how the phase against the next link
 * (of one link alone: against the next subcarrier) strays from its own mean direction, as its sine; both over the
 * spread of all in the channel. A phase common to a packet cancels, and a gain common to the sample.
 * @throws InputError for a recording of fewer than two subcarriers.
 */
export function sensingFeatures(csi: CsiRecording): SensingFeatures {
  const { packets, links, subcarriers } = csi;
  requireInteger('subcarriers', subcarriers, 2);
  const channels = 2 * links;
  const values = new Float32Array(packets * subcarriers * channels);
  for (let link = 0; link < links; link++) {
    for (let k = 0; k < subcarriers; k++) {
      const series = { csi, link, k };
      const to = k * channels + 2 * link;
      writeStrays(values, to, subcarriers * channels, amplitudeOf(series));
      writeStrays(values, to + 1, subcarriers * channels, phaseStrayOf(series));
    }
  }
  for (let channel = 0; channel < channels; channel++) standardise(values, channel, channels);
  return { shape: [packets, subcarriers, channels], values };
}

interface Series {
  csi: CsiRecording;
  link: number;
  k: number;
}

const placeOf = ({ csi, link, k }: Series, packet: number) =>
  2 * ((packet * csi.links + link) * csi.subcarriers + k);

function amplitudeOf(series: Series): Float64Array {
  const { packets, values } = series.csi;
  return Float64Array.from({ length: packets }, (_, packet) => {
    const at = placeOf(series, packet);
    return Math.hypot(values[at]!, values[at + 1]!);
  });
}

/** The sine of the phase from the neighbour, from which its mean direction is taken away. */
function phaseStrayOf({ csi, link, k }: Series): Float64Array {
  const { packets, links, subcarriers, values } = csi;
  const beside = k + 1 < subcarriers ? k + 1 : k - 1;
  const neighbour = links > 1 ? { csi, link: (link + 1) % links, k } : { csi, link, k: beside };
  const [cross, dot] = [new Float64Array(packets), new Float64Array(packets)];
  for (let packet = 0; packet < packets; packet++) {
    const [a, b] = [placeOf({ csi, link, k }, packet), placeOf(neighbour, packet)];
    dot[packet] = values[a]! * values[b]! + values[a + 1]! * values[b + 1]!;
    cross[packet] = values[a]! * values[b + 1]! - values[a + 1]! * values[b]!;
  }
  const sum = (numbers: Float64Array) => numbers.reduce((total, value) => total + value, 0);
  const mean = Math.atan2(sum(cross), sum(dot));
  return cross.map((value, packet) => Math.sin(Math.atan2(value, dot[packet]!) - mean));
}

function writeStrays(out: Float32Array, start: number, stride: number, series: Float64Array): void {
  const mean = series.reduce((sum, value) => sum + value, 0) / series.length;
  for (const [packet, value] of series.entries()) out[start + packet * stride] = value - mean;
}

/** Scales every `channels`-th value to unit mean square; a channel of zeros stays as it is. */
function standardise(values: Float32Array, channel: number, channels: number): void {
  let power = 0;
  for (let index = channel; index < values.length; index += channels) power += values[index]! ** 2;
  const scale = power > 0 ? Math.sqrt(values.length / channels / power) : 0;
  for (let index = channel; index < values.length; index += channels) values[index]! *= scale;
}
