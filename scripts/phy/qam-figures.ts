import { awgnCapacity, bitInterleavedRate } from 'semwave/phy';
import type { Row } from 'semwave/pipeline';
import { bars, curve, type Figure } from 'semwave/report';
import { steps } from './coded.js';
import { exactErrorRate, makeModulation } from './qam-theory.js';

const capacity = 'AWGN capacity';
const channelTitles: Record<string, string> = { awgn: 'AWGN', rayleigh: 'fast Rayleigh fading' };
/** Name of the closed form beside what was measured. */
const exact = (system: string) => `${system}, closed form`;
const theoryOf = (systems: readonly string[]) => Object.fromEntries(systems.map((s) => [exact(s), s]));
const distinct = (rows: readonly Row[]) => [...new Set(rows.map(({ system }) => system))];

/** A row of a closed form, in the units of what was measured. */
function theoryRow(like: Row, system: string, params: Row['params'], value: number): Row {
  const { unit, metric } = like.accuracy;
  return { ...like, system, params, accuracy: { value, unit, metric } };
}

/** The figures of `phy/qam`. */
export function qamFigures(rows: readonly Row[]): Figure[] {
  const soft = rows.filter(({ params }) => params.soft === true);
  const figures = ['awgn', 'rayleigh'].flatMap((channel) => {
    const own = rows.filter(({ params, accuracy }) => params.channel === channel && accuracy.value > 0);
    return own.length > 0 ? [errorRates(own, channel)] : [];
  });
  return soft.length > 0 ? [...figures, carried(soft), lost(soft), latency(soft)] : figures;
}

function errorRates(rows: readonly Row[], channel: string): Figure {
  const systems = distinct(rows);
  const theory = systems.flatMap((system) => {
    const own = rows.filter((row) => row.system === system);
    return steps(
      own.map(({ params }) => Number(params.ebN0Db)),
      0.5,
    ).map((ebN0Db) =>
      theoryRow(own[0]!, exact(system), { channel, ebN0Db }, exactErrorRate(channel, system, ebN0Db)),
    );
  });
  return curve([...rows, ...theory], {
    name: `error-rate-${channel}`,
    title: `Bit error rate without a code, ${channelTitles[channel]}`,
    caption:
      'Points: counted, with Wilson intervals of 95 %. Dashed: the exact closed forms of Gray-labelled modulation.',
    x: 'ebN0Db',
    y: 'accuracy',
    systems,
    theory: theoryOf(systems),
    logY: true,
    xTitle: 'Eb/N0 (dB)',
    yTitle: 'bit error rate (ratio)',
  });
}

/** The rows of one demapping method, named by their modulation. */
function ofMethod(soft: readonly Row[], method: string): Row[] {
  const ending = `, ${method}`;
  return soft.flatMap((row) =>
    row.system.endsWith(ending)
      ? [{ ...row, system: row.system.slice(0, -ending.length), params: { snrDb: row.params.snrDb! } }]
      : [],
  );
}

function carried(soft: readonly Row[]): Figure {
  const rows = ofMethod(soft, 'exact');
  const systems = distinct(rows);
  const snrsDb = steps(
    rows.map(({ params }) => Number(params.snrDb)),
    1,
  );
  const theory = systems.flatMap((system) =>
    snrsDb.map((snrDb) =>
      theoryRow(rows[0]!, exact(system), { snrDb }, bitInterleavedRate(makeModulation(system), snrDb)),
    ),
  );
  const highest = Math.max(...systems.map((system) => makeModulation(system).bitsPerSymbol));
  const bound = snrsDb
    .filter((snrDb) => awgnCapacity(snrDb) < highest)
    .map((snrDb) => theoryRow(rows[0]!, capacity, { snrDb }, awgnCapacity(snrDb)));
  return curve([...rows, ...theory, ...bound], {
    name: 'carried-rate',
    title: 'What exact LLRs carry',
    caption:
      'Points: bits a symbol that the LLRs of simulated symbols carry over AWGN. Dashed: the rate of bit-interleaved ' +
      'coded modulation by numerical integration. Grey: Shannon capacity.',
    x: 'snrDb',
    y: 'accuracy',
    systems: [...systems, capacity],
    bounds: [capacity],
    theory: theoryOf(systems),
    xTitle: 'SNR Es/N0 (dB)',
    yTitle: 'rate carried (bit/symbol)',
  });
}

function lost(soft: readonly Row[]): Figure {
  const approximate = ofMethod(soft, 'max-log');
  const rows = ofMethod(soft, 'exact').flatMap((row) => {
    const other = approximate.find(
      ({ system, params }) => system === row.system && params.snrDb === row.params.snrDb,
    );
    if (!other) return [];
    const { unit } = row.accuracy;
    const value = row.accuracy.value - other.accuracy.value;
    return [{ ...row, accuracy: { value, unit, metric: 'rate lost' } }];
  });
  return curve(rows, {
    name: 'max-log-loss',
    title: 'What max-log demapping loses',
    caption:
      'Rate that exact LLRs carry less the rate that max-log LLRs carry, on the same symbols; BPSK and QPSK lose nothing.',
    x: 'snrDb',
    y: 'accuracy',
    systems: distinct(rows),
    xTitle: 'SNR Es/N0 (dB)',
    yTitle: 'rate lost (bit/symbol)',
  });
}

function latency(soft: readonly Row[]): Figure {
  const snrsDb = soft.map(({ params }) => Number(params.snrDb));
  const shown = snrsDb.reduce((best, snrDb) => (Math.abs(snrDb - 10) < Math.abs(best - 10) ? snrDb : best));
  return bars(soft, {
    name: 'latency',
    title: 'Where the time of a block of 1200 bits goes',
    caption:
      'Median time to map, send (at the symbol rate of the configuration) and demap a block on this machine, one thread; ' +
      'the whisker adds up the 95th percentiles of the parts.',
    where: ({ params }) => params.snrDb === shown,
  });
}
