import type { Row } from 'semwave/pipeline';
import { curve, type Figure } from 'semwave/report';

/** What is drawn, in the words of the legends. */
export const SYSTEMS = {
  played: 'two sides, a pair, played',
  chsh: 'two sides, closed form',
  ghz: 'three sides, GHZ state from three pairs',
  classical: 'no pair, no word',
  talk: 'no pair, told by light',
  onDemand: 'pair made when asked',
  superdense: 'superdense coding',
  bits: 'classical, bits',
  qubits: 'quantum, qubits',
} as const;

const theory = { [SYSTEMS.chsh]: SYSTEMS.played };

/** The figures of `quantum/advantage`. */
export function advantageFigures(rows: readonly Row[]): Figure[] {
  const of = (part: string) => rows.filter(({ params }) => params.part === part);
  const figures: Figure[] = [];
  if (of('fidelity').length > 0) figures.push(gamesOverFidelity(of('fidelity')), coding(of('fidelity')));
  if (of('distance').length > 0) figures.push(gamesOverDistance(of('distance')), decisions(of('distance')));
  if (of('communication').length > 0) figures.push(communication(of('communication')));
  return figures;
}

const over = (rows: readonly Row[], ...names: string[]): Row[] =>
  rows.map((row) => ({
    ...row,
    params: Object.fromEntries(names.map((name) => [name, row.params[name]!])),
  }));

function gamesOverFidelity(rows: readonly Row[]): Figure {
  const systems = [SYSTEMS.played, SYSTEMS.chsh, SYSTEMS.ghz, SYSTEMS.classical];
  return curve(over(rows, 'fidelity'), {
    name: 'games-over-fidelity',
    title: 'Games won by fidelity of the pairs',
    caption:
      'Share of coordination games won. Points: played with pairs (95 % intervals); dashed: 1/2 + S/8. Two sides gain above ' +
      'F = 0.780, up to 0.854; three sides that share a GHZ state win always at F = 1, but need three good pairs.',
    x: 'fidelity',
    y: 'accuracy',
    where: ({ system }) => (systems as readonly string[]).includes(system),
    systems,
    theory,
    bounds: [SYSTEMS.classical],
    xTitle: 'fidelity of a pair (ratio)',
    yTitle: 'games won (ratio)',
  });
}

function coding(rows: readonly Row[]): Figure {
  return curve(over(rows, 'fidelity'), {
    name: 'superdense-over-fidelity',
    title: 'Bits that a qubit carries',
    caption:
      'Capacity of superdense coding with a Werner pair shared ahead and a noiseless qubit: 2 bits at F = 1, and more than ' +
      'the 1 bit of a qubit by itself from F = 0.811 on.',
    x: 'fidelity',
    y: 'rate',
    where: ({ system }) => system === SYSTEMS.superdense,
    systems: [SYSTEMS.superdense],
    markers: false,
    xTitle: 'fidelity of the pair (ratio)',
    yTitle: 'capacity (bit/qubit)',
  });
}

function gamesOverDistance(rows: readonly Row[]): Figure {
  const systems = [SYSTEMS.played, SYSTEMS.chsh, SYSTEMS.classical];
  return curve(over(rows, 'distanceKm', 'storedSec'), {
    name: 'games-over-distance',
    title: 'Games won over fibre',
    caption:
      'Pairs heralded in the middle of the fibre and stored until the questions come, one panel a time of storage. With ' +
      'distance dark counts outnumber photons, with storage the memories forget; what is left above 3/4 is the advantage.',
    x: 'distanceKm',
    y: 'accuracy',
    facet: 'storedSec',
    where: ({ system }) => (systems as readonly string[]).includes(system),
    systems,
    theory,
    bounds: [SYSTEMS.classical],
    xTitle: 'distance (km)',
    yTitle: 'games won (ratio)',
  });
}

function decisions(rows: readonly Row[]): Figure {
  const names: Record<string, string> = {
    [SYSTEMS.chsh]: 'pair made ahead',
    [SYSTEMS.talk]: SYSTEMS.talk,
    [SYSTEMS.onDemand]: SYSTEMS.onDemand,
  };
  const storedSec = Math.min(...rows.map(({ params }) => Number(params.storedSec)));
  const chosen = rows.flatMap((row) =>
    row.params.storedSec === storedSec && row.system in names ? [{ ...row, system: names[row.system]! }] : [],
  );
  return curve(over(chosen, 'distanceKm'), {
    name: 'latency-over-distance',
    title: 'When a coordinated decision falls',
    caption:
      'Time from the questions to both answers. A pair that was there before costs its measurement, whatever the distance, ' +
      'and wins up to 0.854 of the games; a word by light wins all, one light delay later. A pair made when asked is the worst ' +
      'of both.',
    x: 'distanceKm',
    y: 'latency',
    systems: Object.values(names),
    logY: true,
    markers: false,
    xTitle: 'distance (km)',
    yTitle: 'question to answer (s)',
  });
}

function communication(rows: readonly Row[]): Figure {
  const systems = [SYSTEMS.bits, SYSTEMS.qubits];
  return curve(over(rows, 'log2Bits', 'problem'), {
    name: 'communication-over-input',
    title: 'What two sides must send about inputs of n bits',
    caption:
      'Sent by protocols with all constants. Deutsch-Jozsa: n/2 + 1 against log2 n, without error. Equality told to a referee, ' +
      'wrong 1 % of the time: √n against log n. Disjointness, wrong a third of the time: n against √n log n, which pays late.',
    x: 'log2Bits',
    y: 'rate',
    facet: 'problem',
    systems,
    logY: true,
    markers: false,
    xTitle: 'log2 of the input bits n (number)',
    yTitle: 'sent (bits or qubits)',
  });
}
