/** The learned detector: what sharing boxes as points gives beside sharing everything. */
import { useEngine } from '../../../../lib/engine/index.js';
import type { Rng } from '../../../../lib/math/index.js';
import {
  averagePrecision,
  averagePrecisionDifference,
  pillarDetector,
  pillarEarly,
  pillarLate,
  pillarLately,
} from '../../../../lib/v2x/index.js';
import type { Estimate, Reference } from '../../reference.js';
import { framesOf, type Shared, sharedBy } from '../pillar-sharing.js';

/** Scenes that nothing was trained or tuned on. */
const SCENES = { seeds: [1, 2, 3], every: 3 };
const SETUP = '60 frames of 3 crossings, 16 beams, 3 vehicles, the same network throughout, AP@0.5';
const SOURCE =
  'Practical Collaborative Perception (Dao et al. 2024): 99 % of early fusion at the bytes of late';
const minIou = 0.5;

type Results = Record<'late' | 'lately' | 'early', Shared>;
let measured: Promise<Results> | undefined;

/** Measured once, whichever entry asks first. */
function results(): Promise<Results> {
  measured ??= measure();
  return measured;
}

async function measure(): Promise<Results> {
  await useEngine('onnx', { threads: 1 });
  const detector = pillarDetector();
  try {
    const scenes = framesOf(SCENES.seeds, SCENES.every);
    return {
      late: sharedBy(() => pillarLate(detector), scenes),
      lately: sharedBy(() => pillarLately(detector), scenes),
      early: sharedBy(() => pillarEarly(detector), scenes),
    };
  } finally {
    detector.dispose();
  }
}

/** Early fusion's precision is taken as given: the interval is that of the paired difference over it. */
async function precisionRatio(rng: Rng): Promise<Estimate> {
  const { lately, early } = await results();
  const whole = averagePrecision(early.frames, { minIou });
  const { value, ci95 } = averagePrecisionDifference(lately.frames, early.frames, { minIou }, rng);
  return { value: 1 + value / whole, ci95: [1 + ci95[0] / whole, 1 + ci95[1] / whole] };
}

function entry(
  id: string,
  what: string,
  source: string,
  value: number,
  allowed: Reference['allowed'],
  ours: (results: Results) => number,
): Reference {
  return {
    ...{ id: `pillars/${id}`, what: `${what}; ${SETUP}`, source, value, allowed },
    measure: async () => ({ value: ours(await results()) }),
  };
}

const precision = ({ frames }: Shared) => averagePrecision(frames, { minIou });

export const references: Reference[] = [
  {
    id: 'pillars/lately-over-early',
    what: `boxes shared as points over merged clouds, ratio of AP; ${SETUP}`,
    source: SOURCE,
    value: 0.99,
    allowed: [0.95, 1.03],
    measure: precisionRatio,
  },
  entry('early', 'merged clouds', 'ours, when the weights were made', 0.93, [0.88, 1], ({ early }) =>
    precision(early),
  ),
  entry(
    'lately-bytes-over-late',
    'bytes over those of boxes alone',
    SOURCE,
    2,
    [0, 3],
    ({ lately, late }) => lately.bytesPerFrame / late.bytesPerFrame,
  ),
  entry(
    'lately-bytes-over-early',
    'bytes over those of clouds',
    SOURCE,
    0.0006,
    [0, 0.01],
    ({ lately, early }) => lately.bytesPerFrame / early.bytesPerFrame,
  ),
];
