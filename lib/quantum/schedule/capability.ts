import { requireInteger, requireRange } from '../../base/index.js';
import { armEfficiency, attemptSec, singleClick } from '../herald.js';
import { FIBRE_SPEED_KM_PER_SEC } from '../units.js';
import type { LinkCapability } from './network.js';

/** Links of nitrogen-vacancy centres over 5 km of fibre, as Skrzypczyk and Wehner (2021) took them for their small networks. */
export const NV_LINK_5_KM: readonly LinkCapability[] = [
  { fidelity: 0.877, ratePerSec: 14.16 },
  { fidelity: 0.791, ratePerSec: 27.83 },
  { fidelity: 0.704, ratePerSec: 39.18 },
];

/** The same over 50 km. */
export const NV_LINK_50_KM: readonly LinkCapability[] = [{ fidelity: 0.877, ratePerSec: 1.66 }];

/** Hardware of a single-click link whose fidelity is chosen by the bright population. */
export interface SingleClickHardware {
  readonly lengthKm: number;
  /** 0.2 dB/km unless given. */
  readonly attenuationDbPerKm?: number;
  /** Probability that an excited memory's photon enters the fibre; 0.5 unless given. */
  readonly emissionEfficiency?: number;
  /** 0.8 unless given. */
  readonly detectorEfficiency?: number;
  /** Local operations of an attempt, besides the light's way; 5 µs unless given. */
  readonly localSec?: number;
  /** Attempts under way at once (memories or modes); 1 unless given. */
  readonly multiplexed?: number;
}

/**
 * What a link can do when its heralding by a single click in the middle is set to each of these bright populations: about
 * 1 - a in fidelity, and about 2 a η in success probability an attempt.
 * @throws InputError for what `armEfficiency`, `singleClick` and `attemptSec` refuse.
 */
export function singleClickCapabilities(
  hardware: SingleClickHardware,
  brightPopulations: readonly number[],
): LinkCapability[] {
  const { lengthKm, attenuationDbPerKm = 0.2, emissionEfficiency = 0.5, detectorEfficiency = 0.8 } = hardware;
  const efficiency = armEfficiency({
    lengthKm: lengthKm / 2,
    attenuationDbPerKm,
    emissionEfficiency,
    detectorEfficiency,
  });
  const localSec = requireRange('localSec', hardware.localSec ?? 5e-6, 0, 1, 's');
  const multiplexed = requireInteger('multiplexed', hardware.multiplexed ?? 1, 1, 1e6);
  const duration = attemptSec('single-click', { endToEndSec: lengthKm / FIBRE_SPEED_KM_PER_SEC, localSec });
  return brightPopulations.map((brightPopulation) => {
    const { state, successProbability } = singleClick({
      efficiencyA: efficiency,
      efficiencyB: efficiency,
      brightPopulation,
    });
    return { fidelity: state.psiPlus, ratePerSec: (multiplexed * successProbability) / duration };
  });
}
