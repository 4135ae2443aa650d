import type { Row } from 'semwave/pipeline';
import { plobBits, transmissivity } from 'semwave/quantum';
import { curve, type Figure } from 'semwave/report';
import { formulaOf, schemes } from './link-cases.js';

const theory = Object.fromEntries(schemes.map((scheme) => [formulaOf(scheme), scheme]));
const withoutRelay = 'PLOB: no station';
const withRelay = 'one station, ideal';
const ebits = { unit: 'ebit/use', metric: 'ebits a use of the fibre' };
const byLength = { x: 'lengthKm', theory, xTitle: 'distance of the nodes (km)' } as const;

/** The figures of `quantum/link`. */
export function linkFigures(rows: readonly Row[]): Figure[] {
  const overLength = rows.filter(({ params }) => params.lengthKm !== undefined);
  const overMemories = rows.filter(({ params }) => params.memories !== undefined);
  return [
    ...(overLength.length > 0 ? [pairRate(overLength), perUse(overLength), fidelityOf(overLength)] : []),
    ...(overMemories.length > 0 ? [linearity(overMemories)] : []),
  ];
}

/** Ebits per use and the scheme follow from the row: they are no knobs that could differ between rows of one point. */
function over(rows: readonly Row[], knob: string): Row[] {
  return rows.map((row) => ({ ...row, params: { [knob]: row.params[knob]! } }));
}

function pairRate(rows: readonly Row[]): Figure {
  return curve(over(rows, 'lengthKm'), {
    ...byLength,
    name: 'pair-rate',
    title: 'Pairs a second over one link',
    caption:
      'Pairs of one memory a side that starts anew at every herald: simulated photon by photon (95 % intervals) on the ' +
      'closed forms. Single-click needs one photon of two, so its rate falls half as fast; from sender to receiver a ' +
      'photon has the whole way to go.',
    y: 'rate',
    systems: [...schemes, ...Object.keys(theory)],
    yTitle: 'pairs (1/s)',
    logY: true,
  });
}

function perUse(rows: readonly Row[]): Figure {
  const mapped = rows.map((row): Row => {
    const { lengthKm, ebitsPerUse, ebitsPerUseLow: low, ebitsPerUseHigh: high } = row.params;
    const interval = low === undefined ? {} : { ci95: [Number(low), Number(high)] as [number, number] };
    return {
      ...row,
      params: { lengthKm: lengthKm! },
      rate: { ...ebits, value: Number(ebitsPerUse), ...interval },
    };
  });
  return curve([...mapped, ...bounds(mapped)], {
    ...byLength,
    name: 'ebits-per-use',
    title: 'Ebits a use of the fibre, below what physics allows',
    caption:
      'Pairs a round times what hashing distils of each, 1 - entropy of its mean state (intervals of 95 %, of the number of ' +
      'pairs), beside the most that the bare fibre can carry a use, -log2(1 - η), and with one ideal station halfway, ' +
      '-log2(1 - √η). Only single-click falls as slowly as the latter.',
    y: 'rate',
    where: ({ rate }) => rate.value > 0,
    systems: [...schemes, ...Object.keys(theory), withoutRelay, withRelay],
    bounds: [withoutRelay, withRelay],
    yTitle: 'ebits (per use)',
    logY: true,
  });
}

function bounds(rows: readonly Row[]): Row[] {
  const lengths = [...new Set(rows.map(({ params }) => Number(params.lengthKm)))].sort((a, b) => a - b);
  return lengths.flatMap((lengthKm) => {
    const eta = transmissivity(0.2 * lengthKm);
    const at = (system: string, value: number): Row => ({
      ...rows[0]!,
      system,
      params: { lengthKm },
      rate: { ...ebits, value },
    });
    return [at(withoutRelay, plobBits(eta)), at(withRelay, plobBits(Math.sqrt(eta)))];
  });
}

function fidelityOf(rows: readonly Row[]): Figure {
  return curve(over(rows, 'lengthKm'), {
    ...byLength,
    name: 'fidelity',
    title: 'Fidelity when both ends know of the pair',
    caption:
      'Mean fidelity of the simulated pairs (95 % intervals) on the closed forms. It falls with distance by dark counts and ' +
      'by decoherence until the herald comes, for which Barrett-Kok waits two rounds; single-click begins lower, since both ' +
      'memories may have emitted.',
    y: 'accuracy',
    systems: [...schemes, ...Object.keys(theory)],
    yTitle: 'fidelity (ratio)',
  });
}

function linearity(rows: readonly Row[]): Figure {
  return curve(over(rows, 'memories'), {
    name: 'memories',
    title: 'Pairs a second by number of memories',
    caption:
      'Barrett-Kok with so many memories on either side (95 % intervals); the line is that many times one memory. Each ' +
      'pair of memories has time slots of its own at the station, so no click is credited to two.',
    x: 'memories',
    y: 'rate',
    theory,
    systems: [...schemes, ...Object.keys(theory)],
    xTitle: 'memories (a side)',
    yTitle: 'pairs (1/s)',
  });
}
