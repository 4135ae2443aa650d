import type { Measurement } from '../link/index.js';

/** Rows that look like those of the first experiment, from a formula: for tests of figures and reports. */
export function syntheticRows(): Measurement[] {
  const gains: Record<string, number> = { linear: 0, deepjscc: 1.2, adaptive: 3.4, 'separation bound': 5 };
  const rows: Measurement[] = [];
  for (const channel of ['awgn', 'rayleigh']) {
    for (const ratio of [1 / 12, 1 / 6, 1 / 3]) {
      for (const [system, gain] of Object.entries(gains)) {
        for (let snrDb = -2; snrDb <= 20; snrDb += 2)
          rows.push(row(system, gain, { channel, ratio, snrDb, images: 6 }));
      }
    }
  }
  return rows;
}

function row(
  system: string,
  gain: number,
  params: { channel: string; ratio: number; snrDb: number; images: number },
): Measurement {
  const { channel, ratio, snrDb } = params;
  const faded = channel === 'rayleigh' ? 0.72 : 1;
  const psnr =
    17 + gain + faded * (20 * Math.log10(1 + 10 ** (snrDb / 20)) + 6 * Math.log2(ratio * 12)) * 0.8;
  const half = 0.35 + 0.02 * (20 - snrDb);
  const [encodeSec, airSec, decodeSec] = [0.004 + 0.003 * gain, 0.05 * ratio, 0.006 + 0.004 * gain];
  return {
    experiment: 'jscc/awgn',
    system,
    params,
    seed: 1,
    rate: { value: ratio, unit: 'channel uses per source value' },
    accuracy: { value: psnr, unit: 'dB', metric: 'PSNR', ci95: [psnr - half, psnr + half] },
    latency: {
      value: encodeSec + airSec + decodeSec,
      unit: 's',
      encodeSec: { median: encodeSec, p95: encodeSec * 1.3 },
      airSec: { median: airSec, p95: airSec },
      decodeSec: { median: decodeSec, p95: decodeSec * 1.5 },
    },
  };
}
