import type { Command } from 'commander';
import { familyBench } from '../family.js';

/** `npm run bench -- v2x --check`: the reference table of collaborative perception. */
export const bench = (): Command => familyBench('v2x', 'the reference table of collaborative perception');
