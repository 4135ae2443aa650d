/** Cameras that assist a LiDAR of few beams. */
export { type AssistOptions, cameraAssisted, withCameras } from './assist.js';
export { type CameraCorrection, type CameraPoint, pseudoLidar } from './pseudo-lidar.js';
export { depthScale } from './scale.js';
export { fitSurface, type Observation, type SurfaceFit } from './surface-fit.js';
