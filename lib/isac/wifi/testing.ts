import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where data lie that are kept beside the checkout because of their licences; undefined where they are not there. */
export function sharedCsi(path: string): string | undefined {
  const found = fileURLToPath(new URL(`../../../../shared/data/csi/${path}`, import.meta.url));
  return existsSync(found) ? found : undefined;
}

/** What a handmade beamforming record states. */
export interface HandmadeRecord {
  receive: number;
  transmit: number;
  permutation: readonly number[];
  rssi: readonly number[];
  noiseDbm: number;
}

/** An Intel 5300 log of one record whose n-th part is a fixed mixture of its place, modulo 256. */
export function handmadeLog({ receive, transmit, permutation, rssi, noiseDbm }: HandmadeRecord): Buffer {
  const payload = Buffer.alloc(Math.ceil((30 * (receive * transmit * 16 + 3)) / 8));
  let bit = 0;
  for (let s = 0; s < 30; s++) {
    bit += 3;
    for (let part = 0; part < receive * transmit * 2; part++) {
      const [r, rest] = [Math.floor(part / (2 * transmit)), part % (2 * transmit)];
      const mixed = s * 37 + r * 11 + (rest >> 1) * 5 + (rest & 1) * 3 + 1;
      const byte = (mixed * 29) % 256;
      payload[bit >> 3]! |= (byte << (bit & 7)) & 255;
      if (bit & 7) payload[(bit >> 3) + 1]! |= byte >> (8 - (bit & 7));
      bit += 8;
    }
  }
  const header = Buffer.alloc(23);
  header.writeUInt16BE(payload.length + 21, 0);
  header.writeUInt8(0xbb, 2);
  header.writeUInt32LE(123456, 3);
  header.writeUInt16LE(9, 7);
  const selection = permutation.reduce((bits, antenna, chain) => bits | (antenna << (2 * chain)), 0);
  header.set([receive, transmit, ...rssi, noiseDbm & 255, 40, selection], 11);
  header.writeUInt16LE(payload.length, 19);
  header.writeUInt16LE(0x1101, 21);
  return Buffer.concat([header, payload]);
}
