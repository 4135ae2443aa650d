/** The networks of the bench. Each has a twin of the same name in `../pytorch/`. */
import { deepjscc } from './deepjscc.js';
import { feedback } from './feedback.js';
import type { Network } from './network.js';
import { pillars } from './pillars.js';
import { swin } from './swin.js';

export type { Inputs, Network } from './network.js';
export { toInputs } from './network.js';

export const networkNames = ['deepjscc', 'swin', 'feedback', 'pillars'] as const;
export type NetworkName = (typeof networkNames)[number];
export const networks: Record<NetworkName, Network> = { deepjscc, swin, feedback, pillars };
