import type { Row } from 'semwave/pipeline';
import { curve, type Figure } from 'semwave/report';

/** The figures of `isac/vision`. */
export function visionFigures(rows: readonly Row[]): Figure[] {
  const of = (quantity: string) => rows.filter(({ params }) => params.quantity === quantity);
  const systems = [...new Set(rows.map(({ system }) => system))];
  const figures: Figure[] = [];
  if (of('gain').length > 0) figures.push(track(of('gain')));
  if (of('error').length > 0) figures.push(errors(of('error'), systems));
  if (of('packet error rate').length > 0) figures.push(losses(of('packet error rate'), systems));
  return figures;
}

function track(rows: readonly Row[]): Figure {
  return curve(rows, {
    name: 'gain-over-time',
    title: 'The channel as a person walks through it',
    caption:
      'Gain of the channel on the first seconds of the later walk: the truth, and what the network makes of each depth ' +
      'picture alone. Dips are the shadow of the person.',
    x: 'timeSec',
    y: 'accuracy',
    markers: false,
    bounds: ['static mean'],
    xTitle: 'time (s)',
    yTitle: 'channel gain (dB)',
  });
}

function errors(rows: readonly Row[], systems: readonly string[]): Figure {
  return curve(rows, {
    name: 'tap-error',
    title: 'What is known of the channel when a packet arrives',
    caption:
      'Error of the 11 complex taps without their mean phase, over the energy of the taps, on a later walk. Previous taps ' +
      'are those of an earlier packet, known without error; the Kalman filter follows earlier preambles; the network sees ' +
      'the depth picture alone, so its line is flat. The preamble by itself says little of the taps outside of its band; with 4 components it ' +
      'is fitted within the directions in which the training taps vary. ' +
      '95 % bands over stretches of 5 s.',
    x: 'snrDb',
    y: 'accuracy',
    systems: systems.filter((system) => !['standard', 'genie', 'truth'].includes(system)),
    xTitle: 'mean SNR of a sample (dB)',
    yTitle: 'NMSE of the taps (dB)',
  });
}

/** Most curves lie upon one another: of these the network's stands for all. */
const shownLosses = ['standard', 'preamble', 'network', 'genie'];
/** Every system decides on the same packets, so one band is worth as much as all. */
const banded = ['network', 'preamble'];

function losses(rows: readonly Row[], systems: readonly string[]): Figure {
  return curve(
    rows.map((row) => (banded.includes(row.system) ? row : withoutInterval(row))),
    {
      name: 'packet-error-rate',
      title: 'What it is worth to the packets',
      caption:
        'Packets with a wrong symbol after a rake receiver with the taps of each system; standard: one tap. All but the ' +
        `preamble and the genie take the common phase from the preamble. ${undrawn(rows)} 95 % Wilson intervals of ` +
        `${banded.join(' and ')}; points without a loss are left out.`,
      x: 'snrDb',
      y: 'accuracy',
      logY: true,
      // No loss in so few packets has no place on a logarithmic axis.
      where: ({ system, accuracy }) => shownLosses.includes(system) && accuracy.value > 0,
      systems: systems.filter((system) => shownLosses.includes(system)),
      bounds: ['genie'],
      xTitle: 'mean SNR of a sample (dB)',
      yTitle: 'packet error rate (ratio)',
    },
  );
}

const withoutInterval = ({ accuracy: { ci95: _, ...accuracy }, ...row }: Row): Row => ({ ...row, accuracy });

/** How far the systems that are not drawn are from the network. */
function undrawn(rows: readonly Row[]): string {
  const networks = new Map(
    rows.flatMap((row) =>
      row.system === 'network' ? [[row.params.snrDb, row.accuracy.value] as const] : [],
    ),
  );
  const others = rows.filter(({ system }) => !shownLosses.includes(system));
  const names = [...new Set(others.map(({ system }) => system))];
  const gaps = others.flatMap(({ params, accuracy }) => {
    const network = networks.get(params.snrDb);
    return network === undefined ? [] : [Math.abs(accuracy.value - network)];
  });
  if (gaps.length === 0) return '';
  return `Not drawn: ${names.join('; ')}, whose error rates are within ${Math.max(...gaps).toFixed(3)} of the network's.`;
}
