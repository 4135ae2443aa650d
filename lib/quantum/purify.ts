import { InputError, requireInteger } from '../base/index.js';
import { type BellState, bellEntropy, requireProbability, type StationErrors, twirled } from './bell.js';

/** A purification that may fail: both pairs are lost then. */
export interface Purified {
  successProbability: number;
  /** The pair that is kept on success. */
  state: BellState;
}

/** A step that measures one pair to better another. */
export type Purification = (kept: BellState, measured: BellState, station?: StationErrors) => Purified;

/**
 * Bennett, Brassard, Popescu, Schumacher, Smolin, Wootters (1996): both pairs are twirled to Werner states, and so is
 * the result. For equal pairs with r = (1 - F) / 3: p = F² + 2 F r + 5 r², F' = (F² + r²) / p.
 * @throws InputError when a fidelity of the stations is outside [0, 1].
 */
export const bbpssw: Purification = (kept, measured, station) => {
  const { successProbability, state } = bilateralCnot(twirled(kept), twirled(measured), station);
  return { successProbability, state: twirled(state) };
};

/**
 * Deutsch, Ekert, Jozsa, Macchiavello, Popescu, Sanpera (1996): both qubits of each pair are turned about X, which
 * changes phiMinus for psiMinus, and the result is not twirled.
 * @throws InputError when a fidelity of the stations is outside [0, 1].
 */
export const dejmps: Purification = (kept, measured, station) =>
  bilateralCnot(turned(kept), turned(measured), station);

const turned = ({ phiPlus, phiMinus, psiPlus, psiMinus }: BellState): BellState => ({
  phiPlus,
  phiMinus: psiMinus,
  psiPlus,
  psiMinus: phiMinus,
});

/**
 * Controlled-NOT from the kept to the measured pair at both ends; the kept pair stays if the two bits agree. The
 * measured pair learns of the other's flip, the kept one takes on the other's phase.
 *
 * Errors as in Briegel, Dür, Cirac, Zoller (1998): a gate that fails at either end mixes everything, so that the bits
 * agree half the time; bits agree wrongly when exactly one of them is misread.
 */
function bilateralCnot(kept: BellState, measured: BellState, station: StationErrors = {}): Purified {
  const { gateFidelity = 1, readoutFidelity = 1 } = station;
  const bothGates = requireProbability('gateFidelity', gateFidelity) ** 2;
  const misread = 2 * requireProbability('readoutFidelity', readoutFidelity) * (1 - readoutFidelity);
  // What the measured pair must be for the bits to agree, given that the kept pair is a phi or a psi.
  const besidePhi = withFlips(measured, misread);
  const besidePsi = withFlips(measured, 1 - misread);
  const noise = (1 - bothGates) / 8;
  const phiPlus = bothGates * (kept.phiPlus * besidePhi.plus + kept.phiMinus * besidePhi.minus) + noise;
  const phiMinus = bothGates * (kept.phiPlus * besidePhi.minus + kept.phiMinus * besidePhi.plus) + noise;
  const psiPlus = bothGates * (kept.psiPlus * besidePsi.plus + kept.psiMinus * besidePsi.minus) + noise;
  const psiMinus = bothGates * (kept.psiPlus * besidePsi.minus + kept.psiMinus * besidePsi.plus) + noise;
  const p = phiPlus + phiMinus + psiPlus + psiMinus;
  if (!(p > 0))
    throw new InputError('purification of a phi pair with a psi pair never succeeds; allowed: others');
  return {
    successProbability: p,
    state: { phiPlus: phiPlus / p, phiMinus: phiMinus / p, psiPlus: psiPlus / p, psiMinus: psiMinus / p },
  };
}

const withFlips = (state: BellState, psiShare: number) => ({
  plus: (1 - psiShare) * state.phiPlus + psiShare * state.psiPlus,
  minus: (1 - psiShare) * state.phiMinus + psiShare * state.psiMinus,
});

/** One round of a recurrence. */
export interface PurificationRound extends Purified {
  /** Pairs of the start that one pair of this round costs on average: product of 2 / p. */
  pairsUsed: number;
}

/**
 * Recurrence: every round purifies two equal pairs of the round before.
 * @param rounds from 0 to 100
 * @throws InputError otherwise.
 */
export function recurrence(
  step: Purification,
  start: BellState,
  rounds: number,
  station?: StationErrors,
): PurificationRound[] {
  requireInteger('rounds', rounds, 0, 100);
  const all: PurificationRound[] = [];
  let [state, pairsUsed] = [start, 1];
  for (let round = 0; round < rounds; round++) {
    const result = step(state, state, station);
    pairsUsed *= 2 / result.successProbability;
    state = result.state;
    all.push({ ...result, pairsUsed });
  }
  return all;
}

/**
 * Pumping: one pair is purified again and again with fresh ones. A failure starts anew, so round k costs on average
 * (pairs of round k-1 plus one) / p.
 * @param rounds from 0 to 100,000
 * @throws InputError otherwise.
 */
export function pumping(
  step: Purification,
  fresh: BellState,
  rounds: number,
  station?: StationErrors,
): PurificationRound[] {
  requireInteger('rounds', rounds, 0, 100_000);
  const all: PurificationRound[] = [];
  let [state, pairsUsed] = [fresh, 1];
  for (let round = 0; round < rounds; round++) {
    const result = step(state, fresh, station);
    pairsUsed = (pairsUsed + 1) / result.successProbability;
    state = result.state;
    all.push({ ...result, pairsUsed });
  }
  return all;
}

/**
 * The state that pumping approaches.
 * @throws InputError when 100,000 rounds do not settle to 1e-14.
 */
export function pumpingLimit(step: Purification, fresh: BellState, station?: StationErrors): BellState {
  let state = fresh;
  for (let round = 0; round < 100_000; round++) {
    const next = step(state, fresh, station).state;
    if (Math.abs(next.phiPlus - state.phiPlus) + Math.abs(next.psiPlus - state.psiPlus) < 1e-15) return next;
    state = next;
  }
  throw new InputError(
    `pumping with a pair of fidelity ${fresh.phiPlus} does not settle; allowed: above 1/2`,
  );
}

/** Pure pairs that one-way hashing distils from each pair of a large number: max(0, 1 - entropy) (Bennett et al. 1996). */
export const hashingYield = (state: BellState): number => Math.max(0, 1 - bellEntropy(state));
