/** What agents share and how the ego uses it: every strategy is one `SharingStrategy`. */
export { earlySharing } from './early.js';
export { type InstanceOptions, instanceSharing } from './instance.js';
export { type LateOptions, lateSharing, noSharing } from './late.js';
export type { VelocitySource } from './motion.js';
export { type Perception, perceive } from './perception.js';
