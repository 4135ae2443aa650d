/** What agents share and how the ego uses it: every strategy is one `SharingStrategy`. */

export { type CellSharing, cellSharing, fittingBoxes, type LatePart, type Weighing } from './cells.js';
export { confidenceMap, MAP, MAP_CELLS } from './confidence.js';
export { type CosdhOptions, cosdh } from './cosdh.js';
export { type EarlyOptions, earlySharing } from './early.js';
export { type InstanceOptions, instanceSharing } from './instance.js';
export { type LateOptions, lateSharing, noSharing } from './late.js';
export { type Lcv2iOptions, lcv2i } from './lcv2i.js';
export { advanced, type VelocitySource, velocityOf } from './motion.js';
export { type MotionView, type Perception, perceive } from './perception.js';
export { boxFrom, type Heard, heard } from './received.js';
export { aligned, type PosePrior, registeredByBoxes, registeredByWalls, type Sight } from './register.js';
export { areaOfImportance, type Select2DriveOptions, select2drive } from './select2drive.js';
export { allCells, type CellChoice, type Where2commOptions, where2comm } from './where2comm.js';
