import { InputError, requireInteger } from '../../base/index.js';
import { type ClassicalCommunication, linkBits, requireTransmissivity } from './capacity.js';

/** What a station's own optics leave of the light that comes in and of the light that goes out. */
export interface StationLoss {
  receive: number;
  send: number;
}

/** A station without loss. */
export const LOSSLESS_STATION: Readonly<StationLoss> = Object.freeze({ receive: 1, send: 1 });

/** A bound on the rate, and what it bounds. */
export interface RateBound {
  bitsPerUse: number;
  /**
   * The strategies that cannot pass it. With lossy stations the effective channel is itself the strategy's making, so a
   * number without its class says nothing.
   */
  strategyClass: string;
}

/** A bound on a chain, and the link that sets it. */
export interface ChainBound extends RateBound {
  /** Transmissivity of each link after node splitting: sender's optics, fibre, receiver's optics. */
  effective: readonly number[];
  /** Index of the narrowest link. */
  narrowest: number;
}

/** The station that loses as much on receiving as on sending, transmissivity `τ` in all. */
export function evenStation(transmissivity: number): StationLoss {
  const side = Math.sqrt(requireTransmissivity(transmissivity, 'station transmissivity'));
  return { receive: side, send: side };
}

/** Bits per use that no chain of stations without loss can pass: its narrowest link (Pirandola 2019). */
export const chainBits = (transmissivities: readonly number[]): number =>
  chainBound({ transmissivities }).bitsPerUse;

/**
 * Bound of a repeater chain by node splitting (Laurenza, Walk, Eisert, Pirandola 2022): each station is cut into a half
 * that receives and a half that sends, and their losses are merged into the fibres beside them. The two ends of the
 * chain lose nothing. Holds for strategies whose stations lose their light at these places and are perfect beyond.
 * @param chain.transmissivities of the fibres, one or more
 * @param chain.stations one fewer than fibres; lossless unless given
 * @throws InputError for numbers outside [0, 1] or lists that do not fit.
 */
export function chainBound(chain: {
  transmissivities: readonly number[];
  stations?: readonly StationLoss[];
  communication?: ClassicalCommunication;
}): ChainBound {
  const { transmissivities, communication = 'two-way' } = chain;
  const { length } = transmissivities;
  if (length === 0) throw new InputError('a chain of 0 links; allowed: 1 or more');
  const stations = chain.stations ?? new Array<StationLoss>(length - 1).fill(LOSSLESS_STATION);
  if (stations.length !== length - 1) {
    throw new InputError(
      `a chain of ${length} links has ${stations.length} stations; allowed: ${length - 1}`,
    );
  }
  const effective = transmissivities.map((fibre, link) =>
    effectiveTransmissivity(fibre, stations[link - 1], stations[link]),
  );
  const narrowest = effective.indexOf(Math.min(...effective));
  return {
    bitsPerUse: linkBits(effective[narrowest]!, communication),
    strategyClass: strategyClass(communication, chain.stations !== undefined),
    effective,
    narrowest,
  };
}

/** A fibre with the optics at its two ends; an end that is no station loses nothing. */
export function effectiveTransmissivity(
  fibre: number,
  from: StationLoss = LOSSLESS_STATION,
  to: StationLoss = LOSSLESS_STATION,
): number {
  return (
    requireTransmissivity(from.send, 'send') *
    requireTransmissivity(fibre) *
    requireTransmissivity(to.receive, 'receive')
  );
}

/** A chain of evenly spaced stations, all alike. */
export interface EvenChain {
  /** Of all the fibre from end to end. */
  transmissivity: number;
  /** Stations in between, 0 or more. */
  stations: number;
  /** Of one station in all, half of its loss on receiving and half on sending; 1 unless given. */
  stationTransmissivity?: number;
  communication?: ClassicalCommunication;
}

/**
 * Bound of an evenly spaced chain. With N >= 2 stations the inner links are the narrowest, τ η^(1/(N+1)), and the bound
 * does not fall with N; it approaches `stationLimit`.
 * @throws InputError for numbers outside their ranges; stations up to 100,000.
 */
export function evenChainBound(chain: EvenChain): ChainBound {
  const { transmissivity, stations, stationTransmissivity = 1, communication = 'two-way' } = chain;
  requireInteger('stations', stations, 0, 100_000);
  const fibre = requireTransmissivity(transmissivity) ** (1 / (stations + 1));
  return chainBound({
    transmissivities: new Array<number>(stations + 1).fill(fibre),
    stations: new Array<StationLoss>(stations).fill(evenStation(stationTransmissivity)),
    communication,
  });
}

/** What no number of lossy stations passes: the capacity of one station by itself, -log2(1 - τ) with two-way communication. */
export const stationLimit = (
  stationTransmissivity: number,
  communication: ClassicalCommunication = 'two-way',
): RateBound => ({
  bitsPerUse: linkBits(stationTransmissivity, communication),
  strategyClass: strategyClass(communication, true),
});

/** The class in words. */
export function strategyClass(communication: ClassicalCommunication, lossyStations: boolean): string {
  const told = communication === 'two-way' ? 'two-way' : 'forward or no';
  const where = lossyStations ? ', station loss on receiving and sending' : '';
  return `any strategy with ${told} classical communication${where}`;
}
