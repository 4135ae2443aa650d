import type { Command } from 'commander';
import { familyBench } from '../family.js';

/** `npm run bench -- phy`: the reference table of the physical layer and the channels. */
export const bench = (): Command =>
  familyBench('phy', 'the reference table of the physical layer and the channels');
