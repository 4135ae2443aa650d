/** Frames x agents x strategy x link: what was found and what it cost. */
export { pooled, runSharing, type SharingResult, type SharingRun } from './run.js';
export {
  gainOver,
  type SharingSummary,
  type SummaryOptions,
  summarised,
} from './summary.js';
