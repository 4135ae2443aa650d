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
  if (of('pilots').length > 0) figures.push(pilots(of('pilots')));
  if (of('bistatic').length > 0) figures.push(bistatic(of('bistatic')));
  if (of('symbols').length > 0) figures.push(symbols(of('symbols')));
  return figures;
}

function front(rows: readonly Row[], goal: string, unit: string): Figure {
  const best = 'best allocation, bound';
  return curve(rows, {
    name: `front-${goal}`,
    title: `Rate against ${goal}`,
    caption:
      `Each point of the dashed line is the largest rate that leaves a bound of ${goal} no worse, by powers of subcarriers and ` +
      'symbols; its ends are water-filling (right) and all power as far out as the limit of an element allows (left). Measured: ' +
      'root mean square errors of all frames with 95 % intervals, Gaussian symbols known to the receiver of the echo. Tracked: the ' +
      'target is known to half a Fourier bin before; searched: anywhere. Where the two part, the bound is no longer what a search attains.',
    x: 'rate',
    y: 'accuracy',
    facet: 'limit',
    logY: true,
    theory: { [best]: 'measured, target tracked' },
    bounds: ['time sharing, bound'],
    systems: [
      'measured, target tracked',
      'measured, target searched',
      best,
      'pure communication',
      'pure sensing',
      'even power',
      'time sharing, bound',
    ],
    xTitle: RATE,
    yTitle: `RMSE of ${goal} (${unit})`,
  });
}

function pilots(rows: readonly Row[]): Figure {
  return curve(rows, {
    name: 'pilots',
    title: 'What pilots cost a receiver elsewhere',
    caption:
      'Bounds by the share of pilots: of the elements (beside data), or of the power of every element (below data, which are noise to ' +
      'the receiver of the echo). Who decodes the data without error has the whole frame to sense with, like the transmitter itself.',
    x: 'rate',
    y: 'accuracy',
    markers: false,
    logY: true,
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
      'subtracting it is the third receiver; below all, the bound of the weak target alone.',
    x: 'rate',
    y: 'accuracy',
    logY: true,
    bounds: ['bound'],
    theory: { 'divided, theory': 'divided', 'matched, theory': 'matched' },
    xTitle: RATE,
    yTitle: 'RMSE of range (m)',
  });
}
