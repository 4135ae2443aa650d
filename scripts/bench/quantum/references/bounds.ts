/** Capacities of links and chains, with stations that lose. */
import { evenChainBound, plobBits, stationLimit, transmissivity } from '../../../../lib/quantum/index.js';
import type { Reference } from '../../reference.js';
import { closedForm } from '../closed-forms.js';

const digits = '-log2(1 - η) with 40 digits';
const counts = [0, 1, 3, 7, 15, 31, 1000];
const losses = [1, 0.9, 0.5];

const chain = (stationTransmissivity: number, stations: number) =>
  evenChainBound({ transmissivity: transmissivity(80), stations, stationTransmissivity }).bitsPerUse;

const saturation: Reference = {
  id: 'chain/saturation',
  what: 'chains of 100 to 1,600 km, τ = 0.3 to 0.99, 2 to 999 stations: times that one more station lowers the bound or that it passes -log2(1 - τ)',
  source:
    'Laurenza, Walk, Eisert, Pirandola, PRR 4, 023158: no number of stations passes one station by itself',
  value: 0,
  allowed: [0, 0],
  measure: () => ({ value: faults() }),
};

function faults(): number {
  let found = 0;
  for (const lengthKm of [100, 200, 400, 800, 1600]) {
    for (const stationTransmissivity of [0.3, 0.5, 0.7, 0.9, 0.99]) {
      const limit = stationLimit(stationTransmissivity).bitsPerUse;
      let before = 0;
      for (let stations = 2; stations < 1000; stations++) {
        const eta = transmissivity(0.2 * lengthKm);
        const { bitsPerUse } = evenChainBound({ transmissivity: eta, stations, stationTransmissivity });
        if (bitsPerUse < before || bitsPerUse >= limit) found++;
        before = bitsPerUse;
      }
    }
  }
  return found;
}

export const references: Reference[] = [
  ...[10, 50, 100, 200].map((lengthKm) =>
    closedForm(`plob/${lengthKm}`, `repeaterless bound at ${lengthKm} km, 0.2 dB/km, bit/use`, digits, () =>
      plobBits(transmissivity(0.2 * lengthKm)),
    ),
  ),
  ...losses.flatMap((tau) =>
    counts.map((n) =>
      closedForm(
        `chain/${tau}/${n}`,
        `bound of 400 km at 0.2 dB/km with ${n} stations of transmissivity ${tau}, half lost on either side, bit/use`,
        digits,
        () => chain(tau, n),
      ),
    ),
  ),
  ...[0.9, 0.5].map((tau) =>
    closedForm(
      `limit/${tau}`,
      `bound of any number of stations of transmissivity ${tau}, bit/use`,
      digits,
      () => stationLimit(tau).bitsPerUse,
    ),
  ),
  saturation,
];
