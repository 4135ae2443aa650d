/** Poses, rigid motions, and places, clouds and boxes in another frame. */
export { type Buckets, buckets } from './buckets.js';
export {
  composePoses,
  inverseRigid,
  matrixPose,
  multiplyRigid,
  originPose,
  poseMatrix,
  type RigidMatrix,
  relativeMatrix,
  relativePose,
  wrapAngle,
} from './pose.js';
export {
  boxContains,
  boxCorners,
  boxFootprint,
  footprintsOverlap,
  type Point,
  rotateVector,
  transformBox,
  transformCloud,
  transformPoint,
} from './transform.js';
