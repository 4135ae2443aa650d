/** What agents share and how the ego uses it: every strategy is one `SharingStrategy`. */

export { type CellSharing, cellSharing, type LatePart, type Weighing } from './cells.js';
export { confidenceMap, MAP, MAP_CELLS } from './confidence.js';
export { earlySharing } from './early.js';
export { type LateOptions, lateSharing, noSharing } from './late.js';
export type { VelocitySource } from './motion.js';
export { type Perception, perceive } from './perception.js';
export { allCells, type CellChoice, type Where2commOptions, where2comm } from './where2comm.js';
