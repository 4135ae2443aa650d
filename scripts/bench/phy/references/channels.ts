import {
  antennaArray,
  type BitChannel,
  binaryErasure,
  binarySymmetric,
  type Channel,
  cdl,
  clarkeAutocorrelation,
  equalise,
  gammaGammaTurbulence,
  gilbertElliott,
  jakes,
  lineOfSightProbability,
  logNormalTurbulence,
  ofdmTdl,
  pathLossDb,
  rayleigh,
  rmsDelaySpread,
  type TdlName,
  type Turbulence,
  tdl,
  tdlTaps,
  zChannel,
} from '../../../../lib/channel/index.js';
import {
  kolmogorovSmirnov,
  magnitude,
  mean,
  type Rng,
  standardError,
  variance,
  wilsonInterval,
} from '../../../../lib/math/index.js';
import { type Estimate, errorRateInterval, type Reference, within } from '../../reference.js';

/** Mean of a sample with its 95 % interval. */
function meanOf(values: Float64Array): Estimate {
  const [centre, half] = [mean(values), 1.96 * standardError(values)];
  return { value: centre, ci95: [centre - half, centre + half] };
}

const delaySpreads: readonly [TdlName, value: number, unitSec: number, tolerance: number][] = [
  ['TDL-A', 1.0001, 1e-7, 1e-4],
  ['TDL-B', 1, 1e-7, 1e-4],
  ['TDL-C', 1, 1e-7, 1e-4],
  ['TDL-D', 0.9937, 1e-7, 1e-4],
  ['TDL-E', 1.0002, 1e-7, 1e-4],
  ['TDLA30', 30, 1e-9, 0.05],
  ['TDLB100', 100.4, 1e-9, 0.05],
  ['TDLC300', 300.3, 1e-9, 0.05],
];

const delaySpread = delaySpreads.map(([profile, value, unitSec, tolerance]): Reference => {
  const scaled = profile.startsWith('TDL-');
  return {
    id: `channel/tdl/delay-spread/${profile}`,
    what: `RMS delay spread of the taps of ${profile}, ${scaled ? 'in units of the one asked for' : 'ns'}`,
    source: scaled ? '3GPP TR 38.901, Tables 7.7.2-1 to 7.7.2-5' : '3GPP TS 38.101-4, Annex B.2.1',
    value,
    allowed: within(value, tolerance),
    measure() {
      const taps = tdlTaps(profile, scaled ? unitSec : undefined);
      const powers = taps.powers.map((power, tap) => power + (tap === 0 ? taps.lineOfSight : 0));
      return { value: rmsDelaySpread(taps.delaysSec, powers) / unitSec };
    },
  };
});

/** Real parts of h[lag] conj(h[0]) of codewords of lag + 1 uses. */
function lagProducts(gains: Float32Array, uses: number): Float64Array {
  return Float64Array.from({ length: gains.length / (2 * uses) }, (_, codeword) => {
    const [first, last] = [2 * codeword * uses, 2 * (codeword + 1) * uses - 2];
    return gains[first]! * gains[last]! + gains[first + 1]! * gains[last + 1]!;
  });
}

const autocorrelation = [
  [0.1, 0.9037],
  [0.2, 0.6425],
  [0.5, -0.3042],
].map(
  ([cycles, value]): Reference => ({
    id: `channel/jakes/autocorrelation/${cycles}`,
    what: `autocorrelation of Jakes fading at fD tau = ${cycles}`,
    source: 'J0(2 pi fD tau) (Clarke 1968), computed by SciPy',
    value: value!,
    allowed: within(value!, 0.015),
    measure(rng) {
      const channel = jakes({ snrDb: 0, dopplerHz: 10 * cycles!, usePeriodSec: 0.02 });
      return meanOf(lagProducts(channel.sample(rng, { codewords: 40_000, uses: 6 }).gains, 6));
    },
  }),
);

const firstZero: Reference = {
  id: 'channel/jakes/first-zero',
  what: 'J0(2 pi x) at its first zero x = 0.38274',
  source: 'Abramowitz and Stegun, Table 9.5',
  value: 0,
  allowed: within(0, 2e-5),
  measure: () => ({ value: clarkeAutocorrelation(1, 0.38274) }),
};

const rayleighTap: Reference = {
  id: 'channel/tdl/rayleigh-law',
  what: 'Kolmogorov-Smirnov distance of 10 000 magnitudes of the second tap of TDL-A to the Rayleigh law',
  source: "Sionna's acceptance limit of its TDL tests, 0.05; the law itself has 0",
  value: 0,
  allowed: [0, 0.05],
  measure(rng) {
    const links = 10_000;
    const { gains, shape } = tdl({ profile: 'TDL-A', delaySpreadSec: 1e-7, dopplerHz: 100 }).draw(rng, {
      links,
      times: 2,
      periodSec: 1e-3,
    });
    const tap = new Float32Array(2 * links);
    for (let link = 0; link < links; link++) {
      const at = 2 * ((link * shape.paths + 1) * shape.times + 1);
      tap.set(gains.subarray(at, at + 2), 2 * link);
    }
    const power = tdlTaps('TDL-A', 1e-7).powers[1]!;
    return { value: kolmogorovSmirnov(magnitude(tap), (r) => 1 - Math.exp((-r * r) / power)).distance };
  },
};

/** Bit error rate of coherent BPSK. */
function bpskErrors(channel: Channel, rng: Rng, shape: { codewords: number; uses: number }): Estimate {
  const bits = rng.fork('bits');
  const symbols = new Float32Array(2 * shape.codewords * shape.uses);
  for (let at = 0; at < symbols.length; at += 2) symbols[at] = bits.integer(2) === 0 ? 1 : -1;
  const draw = channel.sample(rng.fork('channel'), shape);
  const { symbols: estimate } = equalise(draw.apply(symbols), draw);
  let errors = 0;
  for (let at = 0; at < symbols.length; at += 2) if (estimate[at]! * symbols[at]! < 0) errors++;
  return { value: errors / (symbols.length / 2), ci95: wilsonInterval(errors, symbols.length / 2) };
}

const rayleighBer = { value: 2.3269e-2, source: '(1 - sqrt(g/(1 + g)))/2 at g = 10 dB (Proakis, ch. 14)' };
const errorRates: Reference[] = [
  {
    id: 'channel/rayleigh/bpsk/10',
    what: 'bit error rate of BPSK over fast Rayleigh fading, Es/N0 10 dB',
    ...rayleighBer,
    allowed: errorRateInterval(rayleighBer.value, 20_000),
    measure: (rng) =>
      bpskErrors(rayleigh({ snrDb: 10, fading: 'fast' }), rng, { codewords: 100, uses: 10_000 }),
  },
  {
    id: 'channel/ofdm-tdl/bpsk/10',
    what: 'bit error rate of BPSK on one subcarrier of OFDM over TDL-C, Es/N0 10 dB, a draw a bit',
    ...rayleighBer,
    allowed: errorRateInterval(rayleighBer.value, 2000),
    measure(rng) {
      const options = { subcarriers: 1, subcarrierSpacingHz: 15e3, snrDb: 10 };
      const channel = ofdmTdl({ profile: 'TDL-C', delaySpreadSec: 3e-7, ...options });
      return bpskErrors(channel, rng, { codewords: 100_000, uses: 1 });
    },
  },
];

/** Mutual information of equally likely bits, 1 - E log2(1 + exp(-+LLR)). */
function information(channel: BitChannel, rng: Rng): Estimate {
  const source = rng.fork('bits');
  const bits = Uint8Array.from({ length: 400_000 }, () => source.integer(2));
  const llrs = channel.llrs(channel.sample(rng.fork('channel'), bits.length).apply(bits));
  return meanOf(
    Float64Array.from(llrs, (llr, index) => 1 - Math.log2(1 + Math.exp(bits[index] === 0 ? -llr : llr))),
  );
}

const informationOf = (id: string, channel: BitChannel, value: number, source: string): Reference => ({
  id: `channel/${id}`,
  what: 'mutual information of equally likely bits and their LLRs, bits a use',
  source,
  value,
  allowed: within(value, 0.008),
  measure: (rng) => information(channel, rng),
});

const discrete: Reference[] = [
  informationOf('bec/0.35', binaryErasure({ erasureProbability: 0.35 }), 0.65, '1 - p (Elias 1955)'),
  informationOf(
    'bsc/0.11',
    binarySymmetric({ flipProbability: 0.11 }),
    0.5000840418,
    '1 - H2(p) (Shannon 1948)',
  ),
  informationOf(
    'z/0.5',
    zChannel({ flipProbability: 0.5 }),
    0.3112781245,
    'H2((1 - p)/2) - H2(p)/2 at p = 1/2 (MacKay 2003, 9.5)',
  ),
];

const largeScale: Reference[] = [
  {
    id: 'channel/path-loss/uma-los/200',
    what: 'path loss of UMa in line of sight, d3D 200 m, 5.9 GHz, dB',
    source: '28 + 22 log10(d) + 20 log10(f) (3GPP TR 38.901, Table 7.4.1-1)',
    value: 94.04,
    allowed: within(94.04, 0.01),
    measure() {
      const distanceMeters = Math.sqrt(200 ** 2 - 23.5 ** 2);
      return { value: pathLossDb({ scenario: 'uma', lineOfSight: true, carrierHz: 5.9e9, distanceMeters }) };
    },
  },
  {
    id: 'channel/path-loss/umi-los/100',
    what: 'path loss of UMi in line of sight, d3D 100 m, 3.5 GHz, dB',
    source: '32.4 + 21 log10(d) + 20 log10(f) (3GPP TR 38.901, Table 7.4.1-1)',
    value: 85.28,
    allowed: within(85.28, 0.01),
    measure() {
      const distanceMeters = Math.sqrt(100 ** 2 - 8.5 ** 2);
      return { value: pathLossDb({ scenario: 'umi', lineOfSight: true, carrierHz: 3.5e9, distanceMeters }) };
    },
  },
  {
    id: 'channel/line-of-sight/rma/1010',
    what: 'probability of line of sight in RMa at 1010 m',
    source: 'exp(-(d - 10)/1000) (3GPP TR 38.901, Table 7.4.2-1)',
    value: 0.367879441,
    allowed: within(0.367879441, 1e-9),
    measure: () => ({ value: lineOfSightProbability({ scenario: 'rma', distanceMeters: 1010 }) }),
  },
];

/** Sample variance of the intensity with its 95 % interval. */
function scintillation(turbulence: Turbulence, rng: Rng): Estimate {
  const values = Float64Array.from({ length: 300_000 }, () => turbulence.draw(rng));
  const centre = mean(values);
  return { ...meanOf(values.map((value) => (value - centre) ** 2)), value: variance(values) };
}

const optics: Reference[] = [
  {
    id: 'channel/optics/log-normal/0.25',
    what: 'scintillation index of log-normal turbulence, standard deviation of the log-amplitude 0.25',
    source: 'exp(4 s^2) - 1 (Zhu and Kahn 2002)',
    value: 0.2840254167,
    allowed: within(0.2840254167, 0.01),
    measure: (rng) => scintillation(logNormalTurbulence({ logAmplitudeStd: 0.25 }), rng),
  },
  {
    id: 'channel/optics/gamma-gamma/4-2',
    what: 'scintillation index of gamma-gamma turbulence, alpha 4 and beta 2',
    source: '1/a + 1/b + 1/(a b) (Al-Habash, Andrews and Phillips 2001)',
    value: 0.875,
    allowed: within(0.875, 0.03),
    measure: (rng) => scintillation(gammaGammaTurbulence({ alpha: 4, beta: 2 }), rng),
  },
];

const bursts: Reference = {
  id: 'channel/gilbert-elliott/burst',
  what: 'mean number of packets lost in a row, goodToBad 0.05, badToGood 0.25',
  source: '1/r (Gilbert 1960)',
  value: 4,
  allowed: within(4, 0.12),
  measure(rng) {
    const lost = gilbertElliott({ goodToBad: 0.05, badToGood: 0.25 }).sample(rng, 1_000_000);
    const lengths: number[] = [];
    lost.forEach((value, index) => {
      if (value === 0) return;
      if (lost[index - 1] === 1) lengths[lengths.length - 1]!++;
      else lengths.push(1);
    });
    return meanOf(Float64Array.from(lengths));
  },
};

/** Gains at 3 moments of a 1 ms step, summed over paths: of each link, receive antenna, transmit antenna and moment. */
function cdlGains(rng: Rng): { links: number; at(place: number): [re: number, im: number] } {
  const links = 1000;
  const model = cdl({
    profile: 'CDL-A',
    delaySpreadSec: 1e-7,
    dopplerHz: 100,
    receiveArray: antennaArray({ columns: 4 }),
    transmitArray: antennaArray({ polarisation: 'cross', pattern: '38.901' }),
  });
  const { gains, shape } = model.draw(rng, { links, times: 3, periodSec: 1e-3 });
  return {
    links,
    at(place) {
      let [re, im] = [0, 0];
      for (let path = 0; path < shape.paths; path++) {
        const from = 2 * ((Math.floor(place / 3) * shape.paths + path) * 3 + (place % 3));
        re += gains[from]!;
        im += gains[from + 1]!;
      }
      return [re, im];
    },
  };
}

/** Mean of one part of h[a] conj(h[b]) over links, of the gains of a link [receive, transmit, times]. */
function cdlMoment(a: number, b: number, part: 're' | 'im', scale = 1) {
  return (rng: Rng): Estimate => {
    const { links, at } = cdlGains(rng);
    const products = Float64Array.from({ length: links }, (_, link) => {
      const [[ar, ai], [br, bi]] = [at(24 * link + a), at(24 * link + b)];
      return (part === 're' ? ar * br + ai * bi : ai * br - ar * bi) / scale;
    });
    return meanOf(products);
  };
}

const sionna = 'Sionna 2.2.0, 4000 draws: scripts/bench/phy/sionna_cdl.py';
/** Mean power of CDL-A between an isotropic element and a crossed pair of 38.901 elements. */
const cdlPower = 1.905;
const clustered: Reference[] = [
  {
    id: 'channel/cdl/power',
    what: 'mean power of CDL-A, receiver isotropic and vertical, transmitter a 38.901 element slanted by -45 degrees',
    source: sionna,
    value: cdlPower,
    allowed: within(cdlPower, 0.2),
    measure: cdlMoment(0, 0, 're'),
  },
  {
    id: 'channel/cdl/antennas',
    what: 'imaginary part of E h1 conj(h2) over E |h|^2 of receive antennas half a wavelength apart',
    source: sionna,
    value: 0.858,
    allowed: within(0.858, 0.1),
    measure: cdlMoment(0, 6, 'im', cdlPower),
  },
  {
    id: 'channel/cdl/motion',
    what: 'real part of the autocorrelation at fD tau = 0.1, the receiver moving along x',
    source: sionna,
    value: 0.853,
    allowed: within(0.853, 0.1),
    measure: cdlMoment(1, 0, 're', cdlPower),
  },
  {
    id: 'channel/cdl/polarisation',
    what: 'real part of the correlation of transmit elements slanted by -45 and +45 degrees',
    source: sionna,
    value: 0.818,
    allowed: within(0.818, 0.1),
    measure: cdlMoment(0, 3, 're', cdlPower),
  },
];

/** Channels: delay spreads, fading laws, clusters, bits, path loss, optics and packet losses. */
export const references: Reference[] = [
  ...delaySpread,
  ...autocorrelation,
  firstZero,
  rayleighTap,
  ...errorRates,
  ...clustered,
  ...discrete,
  ...largeScale,
  ...optics,
  bursts,
];
