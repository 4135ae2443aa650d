import { fft } from '../../math/index.js';
import type { CsiRecording } from './recording.js';

/**
 * The Doppler spectrum of what moves, one for each link: the channel of the link times the conjugate of the next one's (of
 * one link alone: its own, the power) over its mean size, less its mean over time, as amplitude over frequency, root mean
 * square over subcarriers. A phase common to a packet cancels, a gain common to the sample, and when the motion begins.
 * With several links the sign of a frequency tells whether the path by one link grows or that by the next; the power
 * of one link alone does not have it.
 * @returns links x packets amplitudes; frequencies of a link as `fft` orders them
 */
export function dopplerProfile(csi: CsiRecording): Float64Array {
  const { packets, links, subcarriers } = csi;
  const out = new Float64Array(links * packets);
  for (let link = 0; link < links; link++) {
    const own = out.subarray(link * packets, (link + 1) * packets);
    for (let k = 0; k < subcarriers; k++) {
      const spectrum = fft(crossStray(csi, link, k));
      for (let bin = 0; bin < packets; bin++) {
        own[bin]! += (spectrum[2 * bin]! ** 2 + spectrum[2 * bin + 1]! ** 2) / subcarriers;
      }
    }
  }
  return out.map(Math.sqrt);
}

/** The product with the conjugate of the next link over its mean size, less its mean, interleaved over packets. */
function crossStray(
  { packets, links, subcarriers, values }: CsiRecording,
  link: number,
  k: number,
): Float64Array {
  const next = (link + 1) % links;
  const product = new Float64Array(2 * packets);
  let [re, im, size] = [0, 0, 0];
  for (let packet = 0; packet < packets; packet++) {
    const a = 2 * ((packet * links + link) * subcarriers + k);
    const b = 2 * ((packet * links + next) * subcarriers + k);
    const [x, y, u, v] = [values[a]!, values[a + 1]!, values[b]!, values[b + 1]!];
    product[2 * packet] = x * u + y * v;
    product[2 * packet + 1] = y * u - x * v;
    re += product[2 * packet]! / packets;
    im += product[2 * packet + 1]! / packets;
    size += Math.hypot(product[2 * packet]!, product[2 * packet + 1]!) / packets;
  }
  if (size === 0) return product;
  return product.map((value, index) => (value - (index % 2 ? im : re)) / size);
}
