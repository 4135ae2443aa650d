import { InputError, readFileChecked } from '../../base/index.js';
import type { CsiRecording } from './recording.js';

/** What the Intel 5300 logs of one received packet (the beamforming record of the Linux 802.11n CSI tool). */
export interface Intel5300Packet {
  /** Low 32 bits of the card's clock, microseconds; wraps after 4295 s. */
  readonly timestampMicros: number;
  /** Counts the records of the driver, modulo 2^16; a gap is a record lost on its way to the log. */
  readonly count: number;
  readonly receive: number;
  readonly transmit: number;
  /** By antenna A, B, C: dB above the card's own reference; 0 for an antenna not in use. */
  readonly rssi: readonly [a: number, b: number, c: number];
  /** dBm; -127 where the card did not measure it. */
  readonly noiseDbm: number;
  /** Gain of the automatic gain control, dB. */
  readonly agcDb: number;
  /** Which antenna (0, 1, 2) each receive chain listened to. */
  readonly permutation: readonly number[];
  readonly rateFlags: number;
  /** Interleaved complex, receive x transmit x 30 subcarriers, in the order of antennas, as the card quantised it. */
  readonly csi: Float32Array;
}

const SUBCARRIERS = 30;
const BEAMFORMING = 0xbb;
const HEADER_BYTES = 20;
const MAX_BYTES = 2 ** 30;
/** Stands for the noise floor where the card did not measure it, dBm. */
const USUAL_NOISE_DBM = -92;
const RSSI_REFERENCE_DB = 44;

/**
 * Reads a log of the Linux 802.11n CSI tool, at most 1 GiB: records of a big-endian 16-bit length, a code and a
 * body; those of code 0xBB are taken, others passed over.
 * @throws InputError when it cannot be read, is cut off, or a record contradicts itself.
 */
export function readIntel5300(path: string): Intel5300Packet[] {
  return parseIntel5300(readFileChecked(path, 'CSI log', { maxBytes: MAX_BYTES }), `CSI log ${path}`);
}

/**
 * Parses the content of such a log.
 * @param what how messages name it
 * @throws InputError as `readIntel5300`.
 */
export function parseIntel5300(bytes: Buffer, what: string): Intel5300Packet[] {
  const packets: Intel5300Packet[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = at + 2 <= bytes.length ? bytes.readUInt16BE(at) : Number.POSITIVE_INFINITY;
    if (length === 0) throw new InputError(`${what}: record of length 0 at byte ${at}; allowed: 1 or more`);
    if (at + 2 + length > bytes.length) {
      throw new InputError(`${what}: cut off in the record at byte ${at}, after ${packets.length} packets`);
    }
    if (bytes[at + 2] === BEAMFORMING) {
      packets.push(parseRecord(bytes.subarray(at + 3, at + 2 + length), `${what}: record at byte ${at}`));
    }
    at += 2 + length;
  }
  if (packets.length === 0)
    throw new InputError(`${what}: no CSI record (code 0xBB) in ${bytes.length} bytes`);
  return packets;
}

function parseRecord(record: Buffer, what: string): Intel5300Packet {
  if (record.length < HEADER_BYTES) {
    throw new InputError(`${what}: ${record.length} bytes; allowed: ${HEADER_BYTES} or more`);
  }
  const [receive, transmit] = [record[8]!, record[9]!];
  if (![receive, transmit].every((antennas) => antennas >= 1 && antennas <= 3)) {
    throw new InputError(`${what}: ${receive} x ${transmit} antennas; allowed: 1 to 3`);
  }
  const [stated, found] = [record.readUInt16LE(16), record.length - HEADER_BYTES];
  const expected = payloadBytes(receive * transmit);
  if (stated !== expected || found !== expected) {
    const size = `${stated} bytes of CSI stated and ${found} found`;
    throw new InputError(`${what}: ${size}; allowed: ${expected} for ${receive} x ${transmit}`);
  }
  const permutation = permutationOf(record[15]!, receive);
  return {
    timestampMicros: record.readUInt32LE(0),
    count: record.readUInt16LE(4),
    receive,
    transmit,
    rssi: [record[10]!, record[11]!, record[12]!],
    noiseDbm: record.readInt8(13),
    agcDb: record[14]!,
    permutation,
    rateFlags: record.readUInt16LE(18),
    csi: unpack(record.subarray(HEADER_BYTES), permutation, transmit),
  };
}

/** Each subcarrier takes 3 bits that carry nothing and 16 for every pair of antennas. */
const payloadBytes = (links: number) => Math.ceil((SUBCARRIERS * (16 * links + 3)) / 8);

/** Two bits a chain; where they are no permutation (seen of some firmware) the chains keep their own order. */
function permutationOf(selection: number, receive: number): number[] {
  const chains = Array.from({ length: receive }, (_, chain) => (selection >> (2 * chain)) & 3);
  const isPermutation = chains.every((antenna) => antenna < receive) && new Set(chains).size === receive;
  return isPermutation ? chains : [...chains.keys()];
}

/** Eight-bit real and imaginary parts at bit offsets: the receive chain is slower than the transmit antenna. */
function unpack(payload: Buffer, permutation: readonly number[], transmit: number): Float32Array {
  const out = new Float32Array(2 * permutation.length * transmit * SUBCARRIERS);
  let bit = 0;
  const next = () => {
    const [byte, shift] = [bit >> 3, bit & 7];
    bit += 8;
    const value = (payload[byte]! >> shift) | ((payload[byte + 1] ?? 0) << (8 - shift));
    return (value << 24) >> 24;
  };
  for (let subcarrier = 0; subcarrier < SUBCARRIERS; subcarrier++) {
    bit += 3;
    for (const antenna of permutation) {
      for (let sent = 0; sent < transmit; sent++) {
        const to = 2 * ((antenna * transmit + sent) * SUBCARRIERS + subcarrier);
        out[to] = next();
        out[to + 1] = next();
      }
    }
  }
  return out;
}

const fromDb = (db: number) => 10 ** (db / 10);

/**
 * The factor that turns quantised CSI into a channel whose squared magnitude is the SNR of a link of unit transmit
 * power: the received power of RSSI and gain control, over thermal and quantisation noise (one unit a component and
 * link); with 2 or 3 streams the card sends each with less power, by 3 dB or, as it rounds, 4.5 dB.
 * @throws InputError when no antenna reports a signal strength, or the CSI is all zero.
 */
export function intel5300Scale(packet: Intel5300Packet): number {
  const { rssi, agcDb, noiseDbm, csi, receive, transmit } = packet;
  const received = rssi.reduce((sum, db) => (db === 0 ? sum : sum + fromDb(db)), 0);
  let energy = 0;
  for (const value of csi) energy += value * value;
  if (received === 0 || energy === 0) {
    throw new InputError(`CSI packet ${packet.count}: no signal strength or all zero; it cannot be scaled`);
  }
  const scale = (received * fromDb(-RSSI_REFERENCE_DB - agcDb)) / (energy / SUBCARRIERS);
  const thermal = fromDb(noiseDbm === -127 ? USUAL_NOISE_DBM : noiseDbm);
  const powerSplit = [1, 2, fromDb(4.5)][transmit - 1]!;
  return Math.sqrt((scale * powerSplit) / (thermal + scale * receive * transmit));
}

/**
 * The packets as one recording of scaled CSI.
 * @throws InputError when they are none, cannot be scaled, or differ in antennas.
 */
export function intel5300Recording(packets: readonly Intel5300Packet[]): CsiRecording {
  const [first] = packets;
  if (!first) throw new InputError('CSI recording of 0 packets; allowed: 1 or more');
  const { receive, transmit } = first;
  const each = first.csi.length;
  const values = new Float32Array(packets.length * each);
  for (const [index, packet] of packets.entries()) {
    if (packet.receive !== receive || packet.transmit !== transmit) {
      const found = `${packet.receive} x ${packet.transmit} antennas`;
      throw new InputError(`CSI packet ${index}: ${found}; allowed: ${receive} x ${transmit} as the first`);
    }
    const factor = intel5300Scale(packet);
    values.set(
      packet.csi.map((value) => factor * value),
      index * each,
    );
  }
  return { packets: packets.length, links: receive * transmit, subcarriers: SUBCARRIERS, values };
}
