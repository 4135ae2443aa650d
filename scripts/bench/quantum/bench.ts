import type { Command } from 'commander';
import { familyBench } from '../family.js';
import { besidePython } from '../section.js';
import { kernelSection } from './kernel.js';
import { linkSection } from './link.js';
import { routersSection } from './routers.js';

/** `npm run bench -- quantum`: the reference table of quantum links, and their simulation beside SeQUeNCe. */
export const bench = (): Command =>
  familyBench(
    'quantum',
    'the reference table of quantum links and networks',
    besidePython({
      title: 'quantum: beside SeQUeNCe',
      file: 'sequence.md',
      needs: 'SeQUeNCe 0.6',
      rounds: 3,
      sections: { kernel: kernelSection, link: linkSection, routers: routersSection },
    }),
  );
