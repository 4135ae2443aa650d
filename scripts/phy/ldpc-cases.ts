import { type Constellation, constellation } from 'semwave/phy';

export const decoders = ['sum-product', 'min-sum', 'min-sum-int8'] as const;

/** A code on a modulation, and where its errors are worth counting. */
export interface Case {
  points: Constellation;
  n: number;
  k: number;
  /** Eb/N0 in dB. */
  from: number;
  to: number;
  /** Block error rates by Eb/N0 in the saved outputs of Sionna's notebooks: sum-product, flooding, 20 iterations. */
  sionna?: Readonly<Record<number, number>>;
}

const [qpsk, qam16, qam64] = [4, 16, 64].map((order) => constellation('qam', order)) as [
  Constellation,
  Constellation,
  Constellation,
];

export const cases = {
  'QPSK (128, 64)': {
    points: qpsk,
    n: 128,
    k: 64,
    from: 1,
    to: 4,
    sionna: { 2: 0.155, 3: 0.0225, 4: 1.33e-3 },
  },
  'QPSK (1000, 500)': {
    points: qpsk,
    n: 1000,
    k: 500,
    from: 0.5,
    to: 2.25,
    sionna: { 1: 0.462, 1.25: 0.22, 1.5: 0.0744, 1.75: 0.0189, 2: 2.8e-3 },
  },
  '16-QAM (1024, 512)': { points: qam16, n: 1024, k: 512, from: 2.5, to: 4.5 },
  '64-QAM (1536, 1152)': { points: qam64, n: 1536, k: 1152, from: 8, to: 9.75 },
} as const satisfies Record<string, Case>;

export type CaseName = keyof typeof cases;
export const caseNames = Object.keys(cases) as CaseName[];
export const caseOf = (name: string): Case => cases[name as CaseName];
