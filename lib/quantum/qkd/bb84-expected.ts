import { InputError } from '../../base/index.js';
import { type Bb84, intensitiesOf } from './bb84.js';
import { type Gain, vacuumWeakBounds } from './decoy.js';
import type { IntensityCounts } from './finite.js';
import { binaryEntropy } from './optimum.js';

/** Window in which clicks count for a pulse. */
const gateOf = ({ gateSec, source }: Bb84): number =>
  Math.min(gateSec ?? Number.POSITIVE_INFINITY, 1 / source.pulseRateHz);

/**
 * Gain of the pulses of a mean photon number, and their error rate when bases agree: closed form for detectors without
 * dead time and stamps sharp enough for the gate. With d the dark clicks of a detector in a gate, the gain is 1 - (1 - d)^2
 * e^(-eta mu); without darks and double clicks the error rate is (1 - F)/2 for the fidelity F of the polarization.
 */
export function bb84Gain(config: Bb84, meanPhotonNumber: number): Gain {
  const { source, detector, transmissivity } = config;
  const light = meanPhotonNumber * transmissivity * detector.efficiency;
  const dark = detector.darkCountRateHz * gateOf(config);
  const right = -Math.expm1((-light * (1 + source.polarizationFidelity)) / 2 - dark);
  const wrong = -Math.expm1((-light * (1 - source.polarizationFidelity)) / 2 - dark);
  const gain = -Math.expm1(-light - 2 * dark);
  return { gain, errorRate: gain > 0 ? (wrong - (right * wrong) / 2) / gain : 0 };
}

/** Share of the clicks that find their detector live, 1 / (1 + rate tau) for clicks at random times. */
export function liveShare(config: Bb84): number {
  const { source, detector, sharedDeadTime } = config;
  const each = intensitiesOf(config).reduce(
    (sum, { meanPhotonNumber, probability }) => sum + probability * bb84Gain(config, meanPhotonNumber).gain,
    0,
  );
  const blinding = sharedDeadTime ? each : each / 2;
  return 1 / (1 + blinding * source.pulseRateHz * detector.deadTimeSec);
}

/** Counts of a run of so many pulses, on average. */
export function expectedCounts(config: Bb84, pulses: number): IntensityCounts[] {
  const live = liveShare(config);
  const key = config.keyBasisProbability ** 2;
  const check = (1 - config.keyBasisProbability) ** 2;
  return intensitiesOf(config).map(({ meanPhotonNumber, probability }) => {
    const { gain, errorRate } = bb84Gain(config, meanPhotonNumber);
    const detected = pulses * probability * gain * live;
    return {
      meanPhotonNumber,
      probability,
      keyBits: detected * key,
      keyErrors: detected * key * errorRate,
      checkBits: detected * check,
      checkErrors: detected * check * errorRate,
    };
  });
}

/**
 * Secret bits per pulse of an unlimited run whose signal makes the key, single photons bounded by the first decoy and a
 * vacuum (Ma, Qi, Zhao and Lo 2005), not below 0.
 * @throws InputError unless a decoy is dimmer than the signal.
 */
export function bb84Rate(config: Bb84, inefficiency: number): number {
  const [signal, decoy] = intensitiesOf(config).map((one) => ({
    ...one,
    ...bb84Gain(config, one.meanPhotonNumber),
  }));
  if (!signal || !decoy) throw new InputError('BB84 without decoys; allowed: 1 or 2');
  const backgroundYield = bb84Gain(config, 0).gain;
  const { yieldLow, errorHigh } = vacuumWeakBounds({ signal, decoy, backgroundYield });
  const singles = yieldLow * signal.meanPhotonNumber * Math.exp(-signal.meanPhotonNumber);
  const kept = singles * (1 - binaryEntropy(errorHigh));
  const told = inefficiency * signal.gain * binaryEntropy(signal.errorRate);
  const sifted = signal.probability * config.keyBasisProbability ** 2 * liveShare(config);
  return sifted * Math.max(0, kept - told);
}
