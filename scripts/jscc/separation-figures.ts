import { schemeLadder, schemeName } from 'semwave/jscc';
import type { Row } from 'semwave/pipeline';
import { curve, type Figure } from 'semwave/report';

/** The best scheme at each SNR. */
export const envelopeName = 'separation';

const bounds = ['separation bound', 'finite-length bound'];
const schemeNames = schemeLadder.map(schemeName);
/** Cliffs of all would hide each other. */
const shown = schemeNames.filter((_, index) => index % 2 === 0);
const channelTitles: Record<string, string> = {
  awgn: 'AWGN',
  rayleigh: 'block Rayleigh fading',
  'ofdm-tdl-c': 'OFDM over TDL-C',
};
const axes = { x: 'snrDb', y: 'accuracy', xTitle: 'SNR Es/N0 (dB)', yTitle: 'mean PSNR (dB)' } as const;

/** The figures of `jscc/separation`: the envelope beside the joint codecs, and each scheme's cliff. */
export function separationFigures(rows: readonly Row[]): Figure[] {
  const ratios = new Set(rows.map(({ params }) => params.ratio));
  const facet = ratios.size > 1 ? { facet: 'ratio' } : {};
  const channels = Object.keys(channelTitles).filter((name) =>
    rows.some((row) => row.params.channel === name),
  );
  const joint = [...new Set(rows.map(({ system }) => system))].filter((name) => !schemeNames.includes(name));
  return channels.flatMap((channel) => {
    const at = (row: Row) => row.params.channel === channel;
    return [
      curve(rows, {
        ...axes,
        ...facet,
        name: `envelope-${channel}`,
        title: `Joint and separate coding over ${channelTitles[channel]}`,
        caption: captions[channel],
        systems: joint,
        bounds,
        where: (row) => at(row) && joint.includes(row.system),
      }),
      curve(rows, {
        ...axes,
        ...facet,
        name: `cliffs-${channel}`,
        title: `One scheme at a time over ${channelTitles[channel]}`,
        caption:
          'Each modulation and code rate by itself: flat once its blocks come through, the mean colour once they do ' +
          'not. A transmitter that knows the mean SNR picks the best of them; one that is wrong about it falls.',
        systems: [...shown, 'finite-length bound'],
        bounds: ['finite-length bound'],
        where: (row) => at(row) && (shown.includes(row.system) || row.system === 'finite-length bound'),
      }),
    ];
  });
}

const common =
  'Separation is the best JPEG, WebP or AVIF file that fits a payload of NR LDPC code and Gray QAM, header counted, at ' +
  'the best of fourteen schemes for each SNR. Dashed: the same files at Shannon capacity, and at the normal approximation ' +
  'for codewords of this length. Bands: 95 % bootstrap intervals over pictures.';

const captions: Record<string, string> = {
  awgn: common,
  rayleigh:
    'One gain a picture, known to the receiver only: a scheme suits some gains and loses the pictures of others, which ' +
    `the joint codecs degrade with instead. The bounds also tell the transmitter each gain. ${common}`,
  'ofdm-tdl-c': `A gain each subcarrier and symbol, over which a codeword averages. ${common}`,
};
