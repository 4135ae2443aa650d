/** LiDAR and depth camera by ray casting at boxes. */
export { type CameraOptions, type DepthImage, depthImage, focalOf } from './camera.js';
export { type Lidar, type LidarOptions, lidar, type Scan } from './lidar.js';
export { castRay, type RayHit, rangeToBox } from './slab.js';
export { type StereoOptions, type StereoRig, type StereoView, stereoRig } from './stereo.js';
