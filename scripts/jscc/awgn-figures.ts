import type { FigureContext, Row } from 'semwave/pipeline';
import { bars, curve, type Figure, pictureStrip } from 'semwave/report';

const bound = 'separation bound';

/** Label of a learning curve. */
export const learnerName = (snrDb: number) => `adaptive from its linear start, ${snrDb} dB`;

/** Name of the artefact that holds the test picture that is shown, as a system delivered it. */
export function stripName(system: string, snrDb: number): string {
  return `strip/${system.replaceAll(' ', '-')}_${snrDb}dB.png`;
}

/** The channel and ratio that the strip of pictures and the latencies are shown at, of those swept. */
export function shownOf(channels: readonly string[], ratios: readonly number[]): Shown {
  const channel = channels.includes('awgn') ? 'awgn' : channels[0]!;
  return { channel, ratio: nearest(ratios, 1 / 6) };
}

type Shown = { channel: string; ratio: number };

const channelTitles: Record<string, string> = { awgn: 'AWGN', rayleigh: 'block Rayleigh fading' };
const fraction = (ratio: number) => `1/${Math.round(1 / ratio)}`;

const isAt = (row: Row, channel: string, ratio?: number, snrDb?: number) =>
  row.params.learning === undefined &&
  row.params.channel === channel &&
  (ratio === undefined || Math.abs(Number(row.params.ratio) - ratio) < 1e-9) &&
  (snrDb === undefined || row.params.snrDb === snrDb);

/** The figures of `jscc/awgn`: pictures first, then accuracy over SNR and rate, latency, learning. */
export function awgnFigures(
  rows: readonly Row[],
  { artefact }: Pick<FigureContext<unknown>, 'artefact'>,
): Figure[] {
  const swept = rows.filter((row) => row.params.learning === undefined);
  const systems = [...new Set(swept.map(({ system }) => system))];
  const common = { systems, bounds: [bound] };
  const snrs = [...new Set(swept.map(({ params }) => Number(params.snrDb)))].sort((a, b) => a - b);
  const channels = (['awgn', 'rayleigh'] as const).filter((name) => swept.some((row) => isAt(row, name)));
  if (channels.length === 0) return [];
  const ratios = [...new Set(swept.map(({ params }) => Number(params.ratio)))];
  const shown = shownOf(channels, ratios);
  const figures: (Figure | undefined)[] = [strip(swept, systems, snrs, shown, artefact)];
  for (const channel of channels) {
    figures.push(
      curve(swept, {
        ...common,
        name: `psnr-over-snr-${channel}`,
        title: `Picture quality over SNR, ${channelTitles[channel]}`,
        caption: captions[channel],
        x: 'snrDb',
        y: 'accuracy',
        facet: 'ratio',
        xTitle: 'SNR Es/N0 (dB)',
        yTitle: 'mean PSNR (dB)',
        where: (row) => isAt(row, channel),
      }),
    );
  }
  const middle = snrs.find((snr) => snr >= 10) ?? snrs.at(-1)!;
  figures.push(rateFigure(swept, shown.channel, middle, common), latencyFigure(swept, shown, middle));
  figures.push(learningFigure(rows));
  return figures.filter((figure) => figure !== undefined);
}

const captions = {
  awgn:
    'Every analogue system degrades gracefully. Separation is the best JPEG, WebP or AVIF file, header counted, over NR ' +
    'LDPC code and QAM at the best of seven schemes for each SNR (each by itself falls off a cliff: see jscc/separation); ' +
    'its bound is the same file at Shannon capacity, which no real code reaches. DeepJSCC was trained at 10 dB; the ' +
    'adaptive codec is one model for all SNRs and ratios. Bands: 95 % bootstrap intervals over pictures.',
  rayleigh:
    'One complex gain a picture, known to the receiver; SNR is its mean. Separation loses the pictures whose gain its ' +
    'scheme does not suit; the bound also tells the transmitter each gain, since its budget is the capacity of the gain ' +
    'drawn. Bands: 95 % bootstrap intervals over pictures and fades.',
};

type Common = { systems: readonly string[]; bounds: readonly string[] };

function rateFigure(rows: readonly Row[], channel: string, snrDb: number, common: Common): Figure {
  return curve(rows, {
    ...common,
    name: 'psnr-over-rate',
    title: `What rate buys at ${snrDb} dB, ${channelTitles[channel]}`,
    caption: `Mean PSNR over the channel uses actually spent, side information counted at capacity, at ${snrDb} dB.`,
    x: 'rate',
    y: 'accuracy',
    xTitle: 'rate (channel uses per source value)',
    yTitle: 'mean PSNR (dB)',
    where: (row) => isAt(row, channel, undefined, snrDb),
  });
}

function latencyFigure(rows: readonly Row[], { channel, ratio }: Shown, snrDb: number): Figure {
  return bars(rows, {
    name: 'latency',
    title: 'Where the time of a picture goes',
    caption:
      'Median time to encode, send (at the symbol rate of the configuration) and decode one test picture at ratio ' +
      `${fraction(ratio)} and ${snrDb} dB on this machine; the whisker adds up the 95th percentiles of the parts. For the bound: writing and ` +
      'reading the chosen file, without the search for it and without any channel code.',
    where: (row) => isAt(row, channel, ratio, snrDb),
  });
}

function learningFigure(rows: readonly Row[]): Figure | undefined {
  const learners = [
    ...new Set(rows.filter((row) => row.params.learning === true).map(({ system }) => system)),
  ];
  if (learners.length === 0) return undefined;
  return curve(rows, {
    name: 'learning',
    title: 'Learning from the linear optimum',
    caption:
      'The adaptive codec starts as the linear codec, to the decibel, and trains during this run; first three test ' +
      'pictures, ratio 1/6, AWGN. Low SNR gains first. The weights that ship have had a much longer training of the same kind.',
    x: 'step',
    y: 'accuracy',
    systems: learners,
    xTitle: 'training step (count)',
    yTitle: 'mean PSNR (dB)',
    where: (row) => row.params.learning === true,
  });
}

function strip(
  rows: readonly Row[],
  systems: readonly string[],
  snrs: readonly number[],
  { channel, ratio }: Shown,
  artefact: (name: string) => Uint8Array | undefined,
): Figure | undefined {
  const chosen = [...new Set([0, 10, 20].map((aim) => nearest(snrs, aim)))];
  const all = ['original', ...systems];
  const pictures = all.map((system) => chosen.map((snr) => artefact(stripName(system, snr)) ?? null));
  if (pictures.flat().every((picture) => picture === null)) return undefined;
  const accuracy = (system: string, snrDb: number) =>
    rows.find((row) => row.system === system && isAt(row, channel, ratio, snrDb))?.accuracy.value;
  return pictureStrip({
    name: 'pictures',
    title: `What arrives: ratio ${fraction(ratio)}, ${channelTitles[channel]}`,
    caption:
      'The test picture of most contrast as each system delivers it; below each, the mean PSNR over all test pictures.',
    rows: all,
    columns: chosen.map((snr) => `${snr} dB`),
    pictures,
    texts: all.map((system) =>
      chosen.map((snr) => {
        const value = accuracy(system, snr);
        return value === undefined ? '' : `mean ${value.toFixed(1)} dB`;
      }),
    ),
  });
}

function nearest(values: readonly number[], aim: number): number {
  return values.reduce((best, value) => (Math.abs(value - aim) < Math.abs(best - aim) ? value : best));
}
