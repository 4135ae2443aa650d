import type { Command } from 'commander';
import { familyBench } from '../family.js';
import { besidePython } from '../section.js';
import { pillarsSection } from './pillars.js';
import { raycastSection } from './raycast.js';
import { strategiesSection } from './strategies.js';

/** `npm run bench -- v2x`: the reference table of collaborative perception; ray caster and pillar network beside Python ones. */
export const bench = (): Command =>
  familyBench(
    'v2x',
    'the reference table of collaborative perception',
    besidePython({
      title: 'v2x: beside Python',
      file: 'python.md',
      needs: 'numpy and torch',
      rounds: 10,
      sections: { raycast: raycastSection, pillars: pillarsSection, strategies: strategiesSection },
    }),
  );
