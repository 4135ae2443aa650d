import { InputError } from '../base/index.js';
import { type BellState, convolved, FULLY_MIXED, mixed, requireProbability } from './bell.js';

/** Relaxation and coherence time of one qubit's memory, seconds. `Infinity` is a memory that does not lose. */
export interface MemoryTimes {
  t1Sec: number;
  t2Sec: number;
}

/** A memory that keeps its qubit for ever. */
export const PERFECT_MEMORY: Readonly<MemoryTimes> = Object.freeze({
  t1Sec: Number.POSITIVE_INFINITY,
  t2Sec: Number.POSITIVE_INFINITY,
});

/**
 * Returns the memory if its times are above zero and T2 <= 2 T1, as physics demands.
 * @throws InputError otherwise.
 */
export function requireMemoryTimes<M extends MemoryTimes>(name: string, memory: M): M {
  const { t1Sec, t2Sec } = memory;
  if (!(t1Sec > 0 && t2Sec > 0 && t2Sec <= 2 * t1Sec)) {
    throw new InputError(
      `${name} has T1 ${t1Sec} s and T2 ${t2Sec} s; allowed: times above 0 with T2 <= 2 T1`,
    );
  }
  return memory;
}

/**
 * A pair after each qubit was stored for a time: relaxation to |0> with T1 and loss of coherence with T2 on either
 * side, exact, and then the Bell twirl, which drops the polarisation that relaxation gives to the single qubits.
 *
 * Correlations XX and YY shrink by exp(-t/T2) for each side; ZZ goes to (1-γA)(1-γB) ZZ + γA γB with γ = 1 - exp(-t/T1).
 *
 * Times add up exactly where T1 is infinite. With relaxation the twirl costs up to γ² / 2 of fidelity each time it
 * is done, so a state is kept as its last operation left it, together with that moment, and is brought up to date from
 * there: reading it twice on the way must not store what was read.
 * @param elapsedSec seconds since the state was as given, not below 0
 * @throws InputError for a negative time or a memory with T2 > 2 T1.
 */
export function decayed(
  state: BellState,
  elapsedSec: number,
  memoryA: MemoryTimes,
  memoryB: MemoryTimes = memoryA,
): BellState {
  requireMemoryTimes('memory A', memoryA);
  requireMemoryTimes('memory B', memoryB);
  requireElapsed(elapsedSec);
  const kept = Math.exp(-elapsedSec / memoryA.t2Sec - elapsedSec / memoryB.t2Sec);
  const gammaA = -Math.expm1(-elapsedSec / memoryA.t1Sec);
  const gammaB = -Math.expm1(-elapsedSec / memoryB.t1Sec);
  const { phiPlus, phiMinus, psiPlus, psiMinus } = state;
  const zz = (1 - gammaA) * (1 - gammaB) * (phiPlus + phiMinus - psiPlus - psiMinus) + gammaA * gammaB;
  const [even, odd] = [(1 + zz) / 4, (1 - zz) / 4];
  const [phi, psi] = [(kept * (phiPlus - phiMinus)) / 2, (kept * (psiPlus - psiMinus)) / 2];
  return { phiPlus: even + phi, phiMinus: even - phi, psiPlus: odd + psi, psiMinus: odd - psi };
}

/** A pair after a phase flip with this probability on one of its qubits. @throws InputError outside [0, 1]. */
export function dephased(state: BellState, flipProbability: number): BellState {
  const flip = requireProbability('flipProbability', flipProbability);
  return convolved(state, { phiPlus: 1 - flip, phiMinus: flip, psiPlus: 0, psiMinus: 0 });
}

/** Probability that a pair whose two qubits idle for a time has had its phase flipped: (1 - exp(-2t/T2)) / 2. */
export const idleFlipProbability = (elapsedSec: number, t2Sec: number): number =>
  -Math.expm1((-2 * requireElapsed(elapsedSec)) / t2Sec) / 2;

/** A pair of which, with this probability, only two fully mixed qubits are left. @throws InputError outside [0, 1]. */
export const depolarised = (state: BellState, probability: number): BellState =>
  mixed(1 - requireProbability('probability', probability), state, FULLY_MIXED);

/** How often each Pauli operator strikes a qubit, per second. */
export interface PauliRates {
  xPerSec: number;
  yPerSec: number;
  zPerSec: number;
}

/**
 * A pair after Pauli operators struck one of its qubits at random (Poisson) for a time: exact, and times add up. For
 * noise on both qubits, add their rates.
 * @throws InputError for a negative time or rate.
 */
export const pauliDecayed = (state: BellState, elapsedSec: number, rates: PauliRates): BellState =>
  convolved(state, pauliChannel(elapsedSec, rates));

/**
 * Net Pauli operator after a time, as the state that it makes of phiPlus: identity with probability
 * (1 + exp(-2(x+y)t) + exp(-2(x+z)t) + exp(-2(y+z)t)) / 4, and the others with two of the signs turned.
 */
function pauliChannel(elapsedSec: number, { xPerSec, yPerSec, zPerSec }: PauliRates): BellState {
  for (const [name, rate] of Object.entries({ xPerSec, yPerSec, zPerSec })) {
    if (!(rate >= 0)) throw new InputError(`${name} is ${rate}; allowed: a rate from 0`);
  }
  const time = requireElapsed(elapsedSec);
  const x = Math.exp(-2 * (yPerSec + zPerSec) * time);
  const y = Math.exp(-2 * (xPerSec + zPerSec) * time);
  const z = Math.exp(-2 * (xPerSec + yPerSec) * time);
  return {
    phiPlus: (1 + x + y + z) / 4,
    phiMinus: (1 - x - y + z) / 4,
    psiPlus: (1 + x - y - z) / 4,
    psiMinus: (1 - x + y - z) / 4,
  };
}

function requireElapsed(elapsedSec: number): number {
  if (!(elapsedSec >= 0 && elapsedSec < Number.POSITIVE_INFINITY)) {
    throw new InputError(`elapsedSec is ${elapsedSec}; allowed: a finite time from 0`);
  }
  return elapsedSec;
}
