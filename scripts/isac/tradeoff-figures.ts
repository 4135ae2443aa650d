import type { Row } from 'semwave/pipeline';
import { curve, type Figure } from 'semwave/report';

const RATE = 'rate (bits per channel use)';

/** The figures of `isac/tradeoff`. */
export function tradeoffFigures(rows: readonly Row[]): Figure[] {
  const of = (show: string, goal?: string) =>
    rows.filter(({ params }) => params.show === show && (goal === undefined || params.goal === goal));
  const figures: Figure[] = [];
  if (of('front', 'range').length > 0) figures.push(front(of('front', 'range'), 'range', 'm'));
  if (of('front', 'velocity').length > 0) figures.push(front(of('front', 'velocity'), 'velocity', 'm/s'));
  if (of('front', 'range').length > 0) figures.push(search(of('front', 'range')));
  if (of('pilots').length > 0) figures.push(pilots(of('pilots')));
  if (of('bistatic').length > 0) figures.push(bistatic(of('bistatic')));
  if (of('symbols').length > 0) figures.push(symbols(of('symbols')));
  return figures;
}

const [BEST, TRACKED, SEARCHED] = [
  'best allocation, bound',
  'measured, target tracked',
  'measured, target searched',
];
const [COMMUNICATION, SENSING] = ['pure communication', 'pure sensing'];

function front(rows: readonly Row[], goal: string, unit: string): Figure {
  return curve([...rows, ...limitLines(rows)], {
    name: `front-${goal}`,
    title: `Rate against ${goal}`,
    caption:
      `Dashed: the least bound on the error of ${goal} at each rate, by the powers of subcarriers and symbols. Its ends lie on both ` +
      'limits: the rate of water-filling (dark) and the bound of all power as far out as is allowed (light). Points: root mean square ' +
      'errors of all frames with 95 % intervals, Gaussian symbols that the receiver of the echo knows, the target foretold to a ' +
      'quarter of a Fourier bin.',
    x: 'rate',
    y: 'accuracy',
    facet: 'limit',
    where: ({ system }) => system !== SEARCHED,
    theory: { [BEST]: TRACKED },
    bounds: [COMMUNICATION, SENSING],
    systems: [TRACKED, BEST, 'time sharing', 'even power', COMMUNICATION, SENSING],
    xTitle: RATE,
    yTitle: `RMSE of ${goal} (${unit})`,
  });
}

/** A line down from the limit of the rate and one across from that of the error, through the ends of each front. */
function limitLines(rows: readonly Row[]): Row[] {
  const ends = rows.filter(({ system }) => system === COMMUNICATION || system === SENSING);
  const highest = Math.max(
    ...rows.filter(({ system }) => system !== SEARCHED).map(({ accuracy }) => accuracy.value),
  );
  const lowest = Math.min(...ends.map(({ accuracy }) => accuracy.value));
  const widest = Math.max(...rows.map(({ rate }) => rate.value));
  return ends
    .map((row) =>
      row.system === COMMUNICATION
        ? // A curve has one value at each rate, so the line leans by a trifle.
          at(row, row.rate.value * (1 + 1e-6), 0.8 * lowest)
        : at(row, widest, row.accuracy.value),
    )
    .concat(
      ends.map((row) =>
        row.system === COMMUNICATION
          ? at(row, row.rate.value * (1 - 1e-6), highest)
          : at(row, 0, row.accuracy.value),
      ),
    );
}

const at = (row: Row, rate: number, value: number): Row => ({
  ...row,
  rate: { ...row.rate, value: rate },
  accuracy: { ...row.accuracy, value },
});

function search(rows: readonly Row[]): Figure {
  return curve(rows, {
    name: 'search',
    title: 'Target foretold, or searched',
    caption:
      'The same frames, and the target foretold, or searched at all ranges and velocities. Power at few places far apart has an echo ' +
      'that many ranges explain alike: the bound speaks of a target whose bin is known. (95 % bands.)',
    x: 'rate',
    y: 'accuracy',
    facet: 'limit',
    logY: true,
    where: ({ system }) => [SEARCHED, TRACKED, BEST].includes(system),
    systems: [TRACKED, SEARCHED, BEST],
    bounds: [BEST],
    xTitle: RATE,
    yTitle: 'RMSE of range (m)',
  });
}

function pilots(rows: readonly Row[]): Figure {
  return curve(rows, {
    name: 'pilots',
    title: 'What pilots cost a receiver elsewhere',
    caption:
      'Bounds by the share of pilots: of the elements (beside data), or of the power of every element (below data, which are noise to ' +
      'the receiver of the echo). Who decodes the data without error has the whole frame to sense with, as the transmitter itself has at any share.',
    x: 'rate',
    y: 'accuracy',
    markers: false,
    xTitle: RATE,
    yTitle: 'bound of the RMSE of range (m)',
  });
}

function bistatic(rows: readonly Row[]): Figure {
  return curve(rows, {
    name: 'bistatic',
    title: 'Sensing with decoded data',
    caption:
      'One path carries 16-QAM under an LDPC code of rate 1/2, with 4 of 28 symbols for pilots, and is sensed at its end; errors of all ' +
      'frames, decoded right or wrong (95 % bands). Where decoding succeeds, the data work like pilots; where it fails, wrong symbols ' +
      'are noise.',
    x: 'snrDb',
    y: 'accuracy',
    logY: true,
    bounds: ['bound, pilots', 'bound, all symbols'],
    xTitle: 'SNR of the path (dB)',
    yTitle: 'RMSE of range (m)',
  });
}

function symbols(rows: readonly Row[]): Figure {
  return curve(rows, {
    name: 'symbols',
    title: 'What random symbols cost in sensing',
    caption:
      'A weak target beside one 20 dB stronger, with QPSK, 16-, 64-, 256-QAM and Gaussian symbols (from left to right) at 20 dB on the data ' +
      'link. Dividing by the symbols raises the noise, matching leaves the strong echo as a floor; dashed: first-order theory of ' +
      'both (none for dividing by Gaussian symbols, whose noise has no mean). Fitting the strong echo, symbols and all, and ' +
      'subtracting it is the third receiver; black: the bound of the weak target alone.',
    x: 'rate',
    y: 'accuracy',
    logY: true,
    bounds: ['bound'],
    theory: { 'divided, theory': 'divided', 'matched, theory': 'matched' },
    xTitle: RATE,
    yTitle: 'RMSE of range (m)',
  });
}
