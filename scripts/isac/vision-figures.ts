import type { Row } from 'semwave/pipeline';
import { curve, type Figure } from 'semwave/report';

/** The figures of `isac/vision`. */
export function visionFigures(rows: readonly Row[]): Figure[] {
  const of = (quantity: string) => rows.filter(({ params }) => params.quantity === quantity);
  const systems = [...new Set(rows.map(({ system }) => system))];
  const figures: Figure[] = [];
  if (of('error').length > 0) figures.push(errors(of('error'), systems));
  if (of('packet error rate').length > 0) figures.push(losses(of('packet error rate'), systems));
  return figures;
}

function errors(rows: readonly Row[], systems: readonly string[]): Figure {
  return curve(rows, {
    name: 'tap-error',
    title: 'What is known of the channel when a packet arrives',
    caption:
      'Error of the 11 complex taps without their mean phase, over the energy of the taps, on a later walk. Previous taps ' +
      'are those of an earlier packet, known without error; the Kalman filter follows earlier preambles; the network sees ' +
      'the depth picture alone, so its line is flat. 95 % bands over stretches of 5 s.',
    x: 'snrDb',
    y: 'accuracy',
    systems: systems.filter((system) => system !== 'standard' && system !== 'genie'),
    xTitle: 'mean SNR of a sample (dB)',
    yTitle: 'NMSE of the taps (dB)',
  });
}

function losses(rows: readonly Row[], systems: readonly string[]): Figure {
  // No loss in so few packets has no place on a logarithmic axis.
  return curve(
    rows.filter(({ accuracy }) => accuracy.value > 0),
    {
      name: 'packet-error-rate',
      title: 'What it is worth to the packets',
      caption:
        'Packets with a wrong symbol after a rake receiver with the taps of each system; standard: one tap. All but the ' +
        'preamble and the genie take the common phase from the preamble. 95 % Wilson intervals; points without a loss ' +
        'are left out.',
      x: 'snrDb',
      y: 'accuracy',
      logY: true,
      systems: systems.filter((system) => system !== 'genie').concat('genie'),
      bounds: ['genie'],
      xTitle: 'mean SNR of a sample (dB)',
      yTitle: 'packet error rate (ratio)',
    },
  );
}
