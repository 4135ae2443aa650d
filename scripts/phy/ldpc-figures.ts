import { codedModulationRate } from 'semwave/phy';
import type { Row } from 'semwave/pipeline';
import { bars, curve, type Figure } from 'semwave/report';
import { bestErrorRate, bound, boundRows, steps } from './coded.js';
import { caseNames, caseOf, decoders } from './ldpc-cases.js';
import { type Combining, combinings, harqBlock, harqPoints, most, systemAfter } from './ldpc-harq.js';

const sionna = 'Sionna, sum-product';
const limit = 'rate of QPSK without error';

/**
 * The figures of `phy/ldpc`.
 * @param least the lowest error rate shown
 */
export function ldpcFigures(rows: readonly Row[], least: number): Figure[] {
  const modulations = [...new Set(caseNames.map(modulationOf))];
  const waterfalls = modulations.flatMap((modulation) => {
    const own = rows.filter(
      ({ params }) => params.code !== undefined && modulationOf(params.code) === modulation,
    );
    return own.length > 0 ? [waterfall(own, modulation, least), time(own, modulation)] : [];
  });
  const harq = rows.filter(({ params }) => params.combining !== undefined);
  return harq.length > 0 ? [...waterfalls, delivered(harq), retransmissions(harq, least)] : waterfalls;
}

const modulationOf = (code: unknown): string => String(code).split(' ')[0]!;

function waterfall(rows: readonly Row[], modulation: string, least: number): Figure {
  const overlays = caseNames.flatMap((code) => {
    const own = rows.filter(({ params }) => params.code === code);
    const { points, ...size } = caseOf(code);
    return [...boundRows(own, size, points), ...publishedRows(own)];
  });
  const published = overlays.some(({ system }) => system === sionna);
  return curve([...rows, ...overlays], {
    name: `block-errors-${modulation.toLowerCase()}`,
    title: `NR LDPC codes on ${modulation} over AWGN`,
    caption:
      'Block error rate by Eb/N0 with 95 % intervals; all decoders meet the same blocks. Dashed: what the best code of ' +
      `this length is expected to reach.${published ? ' Sionna: the saved outputs of its notebooks.' : ''}`,
    x: 'ebN0Db',
    y: 'accuracy',
    facet: 'code',
    where: ({ accuracy }) => accuracy.value > least,
    systems: [...decoders, sionna, bound],
    bounds: [bound],
    xTitle: 'Eb/N0 (dB)',
    yTitle: 'block error rate (ratio)',
    logY: true,
  });
}

/** Sionna's points of a code within the Eb/N0 of its rows. */
function publishedRows(rows: readonly Row[]): Row[] {
  const [first] = rows;
  if (!first) return [];
  const measured = rows.map(({ params }) => Number(params.ebN0Db));
  const { unit, metric } = first.accuracy;
  return Object.entries(caseOf(String(first.params.code)).sionna ?? {})
    .map(([ebN0Db, value]) => ({
      ...first,
      system: sionna,
      params: { code: first.params.code!, ebN0Db: Number(ebN0Db) },
      accuracy: { value, unit, metric },
    }))
    .filter(({ params }) => params.ebN0Db >= Math.min(...measured) && params.ebN0Db <= Math.max(...measured));
}

function time(rows: readonly Row[], modulation: string): Figure {
  const code = String(rows.at(-1)!.params.code);
  return bars(rows, {
    name: `time-${modulation.toLowerCase()}`,
    title: `Time to decode a block, ${code}`,
    caption:
      'Mean time a block in one thread of this machine, median over Eb/N0; decoders stop once all checks hold.',
    where: ({ params }) => params.code === code,
    systems: decoders,
  });
}

function delivered(rows: readonly Row[]): Figure {
  const snrsDb = steps(
    rows.map(({ params }) => Number(params.snrDb)),
    0.25,
  );
  const bounds = snrsDb.map((snrDb): Row => {
    const value = codedModulationRate(harqPoints, snrDb);
    return { ...rows[0]!, system: limit, params: { snrDb }, rate: { value, unit: rows[0]!.rate.unit } };
  });
  const systems = Object.keys(combinings);
  return curve([...rows, ...bounds], {
    name: 'harq-throughput',
    title: `Throughput of retransmissions, QPSK (${harqBlock.n}, ${harqBlock.k})`,
    caption:
      `Delivered bits a channel use, ${most} transmissions at most, with 95 % intervals. Versions 0, 2, 3, 1 bring new parity, ` +
      'Chase combining the same bits again. Decoder in 8 bits; a wrong block is known to be wrong.',
    x: 'snrDb',
    y: 'rate',
    where: ({ system }) => [...systems, limit].includes(system),
    systems: [...systems, limit],
    bounds: [limit],
    xTitle: 'SNR Es/N0 (dB)',
    yTitle: 'throughput (bit/channel use)',
  });
}

function retransmissions(rows: readonly Row[], least: number): Figure {
  const systems = Array.from({ length: most }, (_, index) => systemAfter(index + 1));
  const expected = (system: string) => `${system}, expected`;
  const counted = rows.filter(({ system }) => systems.includes(system));
  const bounds = Object.keys(combinings).flatMap((combining) => {
    const own = counted.filter(({ params }) => params.combining === combining);
    const snrsDb = own.map(({ params }) => Number(params.snrDb));
    return systems.flatMap((system, index) =>
      (own.length > 0 ? steps(snrsDb, 0.1) : []).map((snrDb): Row => {
        const value = bestAfter(combining as Combining, index + 1, snrDb);
        const accuracy = { ...own[0]!.accuracy, value };
        delete accuracy.ci95;
        return { ...own[0]!, system: expected(system), params: { combining, snrDb }, accuracy };
      }),
    );
  });
  return curve([...counted, ...bounds], {
    name: 'harq-block-errors',
    title: `Blocks wrong after each transmission, QPSK (${harqBlock.n}, ${harqBlock.k})`,
    caption:
      'Block error rate with 95 % intervals. Dashed: the normal approximation, for a code as long as all that was sent, ' +
      'or, where the same bits come again, at the SNR added up.',
    x: 'snrDb',
    y: 'accuracy',
    facet: 'combining',
    where: ({ accuracy }) => accuracy.value > least,
    systems,
    theory: Object.fromEntries(systems.map((system) => [expected(system), system])),
    xTitle: 'SNR Es/N0 (dB)',
    yTitle: 'block error rate (ratio)',
    logY: true,
  });
}

/** The normal approximation of a block after so many transmissions. */
function bestAfter(combining: Combining, transmissions: number, snrDb: number): number {
  const { k, n } = harqBlock;
  if (combining === 'incremental redundancy')
    return bestErrorRate({ k, n: n * transmissions }, harqPoints, snrDb);
  return bestErrorRate({ k, n }, harqPoints, snrDb + 10 * Math.log10(transmissions));
}
