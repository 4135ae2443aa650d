/** Recorded and simulated scenes of others, as frames of agents and objects: right-handed, metres and radians. */
export { type DairOptions, openDair } from './dair.js';
export { type GriffinOptions, openGriffin } from './griffin.js';
export { type Opv2vOptions, openOpv2v } from './opv2v.js';
export { type PcdCloud, parsePcd, readPcd } from './pcd.js';
export type { PcdEncoding } from './pcd-header.js';
export type { Scenario, SceneData } from './scene-data.js';
export { type DairSplits, readDairSplits, readFrameList, readGriffinSplits, type Split } from './splits.js';
export { openV2xSim, type V2xSimOptions } from './v2xsim.js';
export { writeOpv2v } from './write-opv2v.js';
export { encodePcd, writePcd } from './write-pcd.js';
