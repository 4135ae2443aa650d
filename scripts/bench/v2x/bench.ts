import type { Command } from 'commander';
import { familyBench } from '../family.js';
import { besidePython } from '../section.js';
import { pillarsSection } from './pillars.js';

/** `npm run bench -- v2x`: the reference table of collaborative perception; the pillar network beside PyTorch. */
export const bench = (): Command =>
  familyBench(
    'v2x',
    'the reference table of collaborative perception',
    besidePython({
      title: 'v2x: beside Python',
      file: 'python.md',
      needs: 'numpy and torch',
      rounds: 100,
      sections: { pillars: pillarsSection },
    }),
  );
