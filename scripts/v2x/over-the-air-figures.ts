import type { Mcs } from 'semwave/phy';
import type { Row } from 'semwave/pipeline';
import { curve, type Figure } from 'semwave/report';

type Scheme = Pick<Mcs, 'bitsPerSymbol' | 'codeRate'>;

function schemeName({ bitsPerSymbol, codeRate }: Scheme): string {
  return `${bitsPerSymbol === 2 ? 'QPSK' : `${2 ** bitsPerSymbol}-QAM`}, rate ${codeRate.toFixed(2)}`;
}

/** What is measured. */
export const names = {
  alone: 'no sharing',
  ideal: 'all features, ideal pipe',
  neural: 'neural codec',
  linear: 'linear codec',
  digital: schemeName,
  boxes: (scheme: Scheme) => `boxes, ${schemeName(scheme)}`,
  piped: (system: string) => `${system}, ideal pipe`,
  gain: (system: string) => `above ${system}`,
};

const channelTitles: Record<string, string> = { awgn: 'AWGN', rayleigh: 'block Rayleigh fading' };
const isScheme = (system: string) => /^(boxes, )?(QPSK|\d+-QAM), rate [\d.]+$/.test(system);

/** The figures of `v2x/over-the-air`. */
export function overTheAirFigures(rows: readonly Row[]): Figure[] {
  const uses = [...new Set(rows.map(({ params }) => Number(params.uses)))];
  const shown = Object.keys(channelTitles).filter((name) =>
    rows.some(({ params }) => params.channel === name),
  );
  return shown.flatMap((channel) => {
    const here = rows.filter(({ params }) => params.channel === channel);
    const facet = uses.length > 1 ? { facet: 'uses' } : {};
    return [precision(here, channel, facet), differences(here, channel, facet)];
  });
}

function precision(rows: readonly Row[], channel: string, facet: { facet?: string }): Figure {
  const schemes = [...new Set(rows.map(({ system }) => system))].filter(isScheme);
  return curve(rows.map(drawn), {
    ...facet,
    name: `precision-${channel}`,
    title: `Shared features over ${channelTitles[channel]}`,
    caption: `${slopes(rows, [names.neural, ...schemes])} ${common(rows)}`,
    x: 'snrDb',
    y: 'accuracy',
    systems: [names.neural, names.linear, ...schemes, names.ideal, names.alone],
    bounds: [names.ideal, names.alone],
    where: ({ system }) =>
      isScheme(system) || [names.neural, names.linear, names.ideal, names.alone].includes(system),
    xTitle: 'SNR Es/N0 (dB)',
    yTitle: 'AP@0.5 of what the ego finds (ratio)',
  });
}

function differences(rows: readonly Row[], channel: string, facet: { facet?: string }): Figure {
  const systems = [...new Set(rows.map(({ system }) => system))].filter(isScheme).map(names.gain);
  return curve(rows, {
    ...facet,
    name: `difference-${channel}`,
    title: `Neural codec above each scheme over ${channelTitles[channel]}`,
    caption:
      'AP@0.5 of the neural codec minus that of each fixed scheme at the same number of channel uses and with the same noise. Bands: ' +
      '95 % paired bootstrap intervals over frames. Above zero the neural codec finds more.',
    x: 'snrDb',
    y: 'accuracy',
    systems,
    where: ({ system }) => systems.includes(system),
    xTitle: 'SNR Es/N0 (dB)',
    yTitle: 'difference of AP@0.5 (ratio)',
  });
}

/** With the knobs alone, so that rows of one curve differ in nothing else; lines to compare with have no bands, which hide each other. */
function drawn(row: Row): Row {
  const { channel, uses, snrDb } = row.params;
  const { ci95: _hidden, ...accuracy } = row.accuracy;
  const isLine = row.system === names.ideal || row.system === names.alone;
  return {
    ...row,
    params: { channel: channel!, uses: uses!, snrDb: snrDb! },
    accuracy: isLine ? accuracy : row.accuracy,
  };
}

/** How steep the curves of some systems are, in words. */
function slopes(rows: readonly Row[], systems: readonly string[]): string {
  const steepest = systems.map((system) => `${system} ${steepestLoss(rows, system).toFixed(3)}`);
  return `Largest loss of AP for 1 dB less: ${steepest.join('; ')}.`;
}

/** Largest fall of the accuracy between neighbouring SNRs, a dB. */
export function steepestLoss(rows: readonly Row[], system: string): number {
  let largest = 0;
  for (const uses of new Set(rows.map(({ params }) => params.uses))) {
    const line = rows
      .filter((row) => row.system === system && row.params.uses === uses)
      .sort((a, b) => Number(a.params.snrDb) - Number(b.params.snrDb));
    for (let n = 1; n < line.length; n++) {
      const [low, high] = [line[n - 1]!, line[n]!];
      const step = Number(high.params.snrDb) - Number(low.params.snrDb);
      largest = Math.max(largest, (high.accuracy.value - low.accuracy.value) / step);
    }
  }
  return largest;
}

function common(rows: readonly Row[]): string {
  const bytes = rows.find(({ system }) => system === names.ideal)?.rate.value ?? 0;
  const schemes = rows.filter(({ system, params }) => isScheme(system) && params.bytesPerFrame !== undefined);
  const counts = [
    ...new Map(schemes.map(({ system, params }) => [system, Math.round(Number(params.bytesPerFrame))])),
  ];
  return (
    'All systems take the same channel uses; features also go with a header of time and place, counted as side information. The ' +
    'schemes send the values of the same network, rounded and range coded, or the boxes that each sender finds, as ' +
    `serialised messages (bytes a frame, headers included: ${counts.map(([system, count]) => `${system} ${count}`).join('; ')}); a message whose CRC ` +
    `fails is not fused. Dashed: all features as 32-bit numbers over an ideal pipe (${Math.round(bytes).toLocaleString('en')} bytes a frame), and the ego ` +
    'alone. Bands: 95 % bootstrap intervals over frames.'
  );
}
