import type { Command } from 'commander';
import { familyBench } from '../family.js';
import { besidePython } from '../section.js';
import { linalgSection } from './linalg.js';
import { plainSection } from './plain.js';

/** `npm run bench -- isac`: the reference table of sensing; our estimators and linear algebra beside Python ones. */
export const bench = (): Command =>
  familyBench(
    'isac',
    'the reference table of sensing',
    besidePython({
      title: 'isac: beside Python',
      file: 'python.md',
      needs: 'numpy and tensorly 0.10',
      rounds: 10,
      sections: { plain: plainSection, linalg: linalgSection },
    }),
  );
