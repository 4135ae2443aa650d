import { bitErrorRate, type Constellation, type ConstellationKind, constellation } from 'semwave/phy';

/** The modulations by name: kind and number of points. */
const modulations: Record<string, readonly [ConstellationKind, number]> = {
  BPSK: ['psk', 2],
  QPSK: ['qam', 4],
  '8-PSK': ['psk', 8],
  '16-QAM': ['qam', 16],
  '64-QAM': ['qam', 64],
  '256-QAM': ['qam', 256],
  '1024-QAM': ['qam', 1024],
};

export const makeModulation = (name: string): Constellation => constellation(...modulations[name]!);

/** Es/N0 of an Eb/N0 without a code. */
export const uncodedSnrDb = (name: string, ebN0Db: number): number =>
  ebN0Db + 10 * Math.log10(Math.log2(modulations[name]![1]));

/** Exact bit error rate, the dashed lines. */
export function exactErrorRate(channel: string, name: string, ebN0Db: number): number {
  return bitErrorRate(...modulations[name]!, uncodedSnrDb(name, ebN0Db), channel === 'awgn' ? 0 : 1);
}
