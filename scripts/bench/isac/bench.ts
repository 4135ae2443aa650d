import type { Command } from 'commander';
import { familyBench } from '../family.js';

/** `npm run bench -- isac`: the reference table of sensing. */
export const bench = (): Command => familyBench('isac', 'the reference table of sensing');
