import { InputError, requireChoice, requireInteger, requireRange } from '../../base/index.js';
import type { Rng } from '../../math/index.js';
import { MAP, MAP_CELLS, MAP_SYMBOLS } from './cameras.js';
import type { EntropyModel, SymbolRange } from './entropy-model.js';
import { requireSymbols, type SymbolMap } from './features.js';
import { type SymbolTable, symbolReader, symbolTable, symbolWriter } from './range-coder.js';

/** Packets of one camera's frame: 3 x 4 tiles of 15 x 20 cells, all channels. */
export const TILES = { rows: 3, columns: 4 } as const;
export const TILE_COUNT = TILES.rows * TILES.columns;
/** Camera (u8), tile (u8), frame (u16). */
export const PACKET_HEADER = 4;

/** One tile of one camera's frame on its way. */
export interface FeaturePacket {
  readonly bytes: Uint8Array;
  /** Mean magnitude of its symbols: how much there is to see. */
  readonly weight: number;
}

const TILE_CELLS: readonly (readonly number[])[] = Array.from({ length: TILE_COUNT }, (_, tile) => {
  const [height, width] = [MAP.rows / TILES.rows, MAP.columns / TILES.columns];
  const [top, left] = [Math.floor(tile / TILES.columns) * height, (tile % TILES.columns) * width];
  return Array.from(
    { length: height * width },
    (_, n) => (top + Math.floor(n / width)) * MAP.columns + left + (n % width),
  );
});

const BYTE: SymbolTable = symbolTable(new Array(256).fill(1));

/**
 * A camera's map as packets, each readable by itself by one who has the same past.
 * @param past what the receiver has of this camera, latest first
 * @throws InputError when camera or frame do not fit their fields (0 to 255, 0 to 65,535), or a map is of another size.
 */
export function featurePackets(
  camera: number,
  frame: number,
  map: SymbolMap,
  entropy: EntropyModel,
  past: readonly SymbolMap[],
): FeaturePacket[] {
  requireInteger('camera', camera, 0, 255);
  requireInteger('frame', frame, 0, 65_535);
  for (const one of [map, ...past]) requireSymbols('map', one);
  return TILE_CELLS.map((cells, tile) => {
    const writer = symbolWriter();
    let sum = 0;
    for (let channel = 0; channel < MAP.channels; channel++) {
      let n = 0;
      for (const range of entropy(past, channel, cells)) {
        const symbol = map[channel * MAP_CELLS + cells[n++]!]!;
        sum += Math.abs(symbol);
        write(writer, range, symbol);
      }
    }
    const payload = writer.finish();
    const bytes = new Uint8Array(PACKET_HEADER + payload.length);
    bytes.set([camera, tile, frame & 255, frame >> 8]);
    bytes.set(payload, PACKET_HEADER);
    return { bytes, weight: sum / (cells.length * MAP.channels) };
  });
}

function write(writer: ReturnType<typeof symbolWriter>, { table, low }: SymbolRange, symbol: number): void {
  const others = table.starts.length - 2;
  const place = symbol - low;
  if (place >= 0 && place < others) {
    writer.write(table, place);
    return;
  }
  writer.write(table, others);
  writer.write(BYTE, symbol & 255);
  writer.write(BYTE, (symbol >> 8) & 255);
}

function read(reader: ReturnType<typeof symbolReader>, { table, low }: SymbolRange): number {
  const place = reader.read(table);
  if (place < table.starts.length - 2) return low + place;
  const least = reader.read(BYTE);
  return ((least | (reader.read(BYTE) << 8)) << 16) >> 16;
}

/** What a receiver has of a camera after a frame. */
export interface ReceivedMap {
  /** Where a packet is missing, as the map before. */
  readonly map: SymbolMap;
  /** 1 of each cell of a channel whose packet arrived. */
  readonly available: Uint8Array;
}

/**
 * The map that the packets of one camera's frame hold, of each tile the first that comes.
 * @param past as it was when they were written
 * @throws InputError when a packet is of another camera or frame, names no tile, or is damaged.
 */
export function receivedMap(
  camera: number,
  frame: number,
  packets: readonly Uint8Array[],
  entropy: EntropyModel,
  past: readonly SymbolMap[],
): ReceivedMap {
  for (const one of past) requireSymbols('map', one);
  const map = past[0]?.slice() ?? new Int16Array(MAP_SYMBOLS);
  const available = new Uint8Array(MAP_CELLS);
  for (const bytes of packets) {
    const cells = cellsOf(bytes, camera, frame);
    if (available[cells[0]!]) continue;
    const reader = symbolReader(bytes.subarray(PACKET_HEADER));
    for (let channel = 0; channel < MAP.channels; channel++) {
      let n = 0;
      for (const range of entropy(past, channel, cells))
        map[channel * MAP_CELLS + cells[n++]!] = read(reader, range);
    }
    reader.finish();
    for (const cell of cells) available[cell] = 1;
  }
  return { map, available };
}

function cellsOf(bytes: Uint8Array, camera: number, frame: number): readonly number[] {
  if (!(bytes instanceof Uint8Array)) throw new InputError('packet is no bytes; allowed: a Uint8Array');
  if (bytes.length < PACKET_HEADER)
    throw new InputError(`packet of ${bytes.length} bytes; allowed: ${PACKET_HEADER} or more`);
  const [from = 0, tile = 0, low = 0, high = 0] = bytes;
  if (from !== camera || (high << 8) + low !== frame)
    throw new InputError(
      `packet of camera ${from}, frame ${(high << 8) + low}; allowed: camera ${camera}, frame ${frame}`,
    );
  const cells = TILE_CELLS[tile];
  if (!cells) throw new InputError(`packet of tile ${tile}; allowed: 0 to ${TILE_COUNT - 1}`);
  return cells;
}

/**
 * The packets left when a share of them is dropped: those with the least to see by `priority` (over all cameras), any at
 * `random`.
 * @param lossProbability 0 to 1
 * @throws InputError for an option out of range.
 */
export function dropPackets<P extends Pick<FeaturePacket, 'weight'>>(
  packets: readonly P[],
  { lossProbability, order }: { lossProbability: number; order: 'priority' | 'random' },
  rng: Rng,
): P[] {
  requireRange('lossProbability', lossProbability, 0, 1);
  requireChoice('order', order, ['priority', 'random']);
  const dropped = Math.floor(lossProbability * packets.length + rng.uniform());
  if (order === 'random') {
    const lost = new Set(rng.permutation(packets.length).subarray(0, dropped));
    return packets.filter((_, place) => !lost.has(place));
  }
  const lost = new Set([...packets].sort((a, b) => a.weight - b.weight).slice(0, dropped));
  return packets.filter((packet) => !lost.has(packet));
}
