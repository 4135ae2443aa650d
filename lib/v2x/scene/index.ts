/** The simulated urban crossing. */
export { type AgentView, type Crossing, type CrossingFrame, crossing, occlusion } from './crossing.js';
export type { Fixture, Turn } from './layout.js';
export type { ClockOptions, CrossingOptions, RsuOptions, UavOptions } from './options.js';
export { addPoseNoise, type PoseNoise } from './pose-noise.js';
export { type DrawnAgent, type Outline, type TopView, topView } from './top-view.js';
export { visibleObjects } from './visible.js';
