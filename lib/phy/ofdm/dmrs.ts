import { InputError, requireChoice, requireInteger } from '../../base/index.js';
import { goldSequence } from '../gold.js';
import { elementsOf, type PilotLayout, reservedBy } from './pilots.js';

/** Settings of NR demodulation reference signals. */
export interface DmrsOptions {
  /** Type 1: every second subcarrier, 2 streams; type 2: two of six subcarriers, 3 streams. Default 1. */
  configuration?: 1 | 2;
  /** Symbol of the first reference signal, 2 (default) or 3. */
  firstSymbol?: 2 | 3;
  /** Symbols with reference signals besides the first, 0 (default) to 3. */
  additionalPositions?: number;
  /** Scrambling identity N_ID, 0 to 65535; default 1. */
  identity?: number;
  /** n_SCID, 0 (default) or 1. */
  scramblingSelector?: 0 | 1;
  /** Slot in its frame, 0 (default) to 159. */
  slot?: number;
}

/** Symbols of a slot of 14 after the first one, by additional positions (3GPP TS 38.211 Table 7.4.1.1.2-3). */
const additionalSymbols: readonly (readonly number[])[] = [[], [11], [7, 11], [5, 8, 11]];
/** Distance of the groups' subcarriers, and the subcarriers of the first group in it. */
const combs = { 1: { period: 2, width: 1, groups: 2 }, 2: { period: 6, width: 2, groups: 3 } } as const;

/**
 * Demodulation reference signals of the NR shared channels, single-symbol, mapping type A, over a slot of 14
 * symbols (3GPP TS 38.211 clauses 6.4.1.1 and 7.4.1.1). Each stream has a group of subcarriers for itself (the
 * first port of a CDM group, so no cover code over frequency); all groups are kept free of data, and a pilot
 * has as much more energy than a data symbol as there are groups (TS 38.214 Table 4.1-1). The sequence starts
 * at the grid's first subcarrier.
 * @throws InputError for an option out of range, and (when the grid is made) unless the grid has 14 symbols and
 *   at most 2 (type 1) or 3 (type 2) streams.
 */
export function dmrsPilots(options: DmrsOptions = {}): PilotLayout {
  const configuration = requireChoice('configuration', options.configuration ?? 1, [1, 2] as const);
  const first = requireChoice('firstSymbol', options.firstSymbol ?? 2, [2, 3] as const);
  const additional = requireInteger('additionalPositions', options.additionalPositions ?? 0, 0, 3);
  if (first === 3 && additional === 3) {
    throw new InputError('3 additionalPositions after symbol 3; allowed: 0 to 2, or the first symbol 2');
  }
  const initial = initialiser(options);
  const { period, width, groups } = combs[configuration];
  return (shape) => {
    if (shape.symbols !== 14 || shape.streams > groups) {
      throw new InputError(
        `DMRS of type ${configuration} for ${shape.streams} streams over ${shape.symbols} symbols; allowed: 1 to ${groups} over 14`,
      );
    }
    const symbols = [first, ...additionalSymbols[additional]!];
    const patterns = Array.from({ length: groups }, (_, group) => {
      const inGroup = (k: number) => Math.floor((k % period) / width) === group;
      const indices = elementsOf(shape, symbols, inGroup);
      const perSymbol = indices.length / symbols.length;
      const values = symbols.flatMap((symbol) =>
        Array.from(sequence(initial(symbol), perSymbol, Math.sqrt(groups))),
      );
      return { indices, values: Float64Array.from(values) };
    });
    return { patterns: patterns.slice(0, shape.streams), reserved: reservedBy(patterns, shape) };
  };
}

/** c_init of TS 38.211 clause 7.4.1.1.1 by symbol of the slot. */
function initialiser({ identity = 1, scramblingSelector = 0, slot = 0 }: DmrsOptions) {
  requireInteger('identity', identity, 0, 65535);
  requireChoice('scramblingSelector', scramblingSelector, [0, 1]);
  requireInteger('slot', slot, 0, 159);
  return (symbol: number) =>
    (2 ** 17 * (14 * slot + symbol + 1) * (2 * identity + 1) + 2 * identity + scramblingSelector) % 2 ** 31;
}

/** QPSK of a Gold sequence, r(n) of TS 38.211 clause 7.4.1.1.1 times an amplitude. */
function sequence(initial: number, count: number, amplitude: number): Float64Array {
  return Float64Array.from(
    goldSequence(initial, 2 * count),
    (bit) => ((1 - 2 * bit) * amplitude) / Math.SQRT2,
  );
}
