/**
 * Scheduling of entanglement for many users (the architecture of Skrzypczyk and Wehner 2021): a demand becomes a protocol
 * on a path, the protocol a periodic task on qubits, the tasks a schedule that repeats.
 */
export { type Admission, admit } from './admit.js';
export {
  NV_LINK_5_KM,
  NV_LINK_50_KM,
  type SingleClickHardware,
  singleClickCapabilities,
} from './capability.js';
export {
  type Demand,
  type DemandPlan,
  demandPlanner,
  type PlanOptions,
  periodOf,
  planDemand,
} from './demand.js';
export { rcpspCriticalEdf, rcpspNpEdf } from './dispatch.js';
export { type Delivery, type ExecutionOptions, executeSchedule } from './execute.js';
export { type ScheduleMetrics, scheduleMetrics, taskJitterSlots2 } from './metrics.js';
export {
  type LinkCapability,
  type QosLink,
  type QosNetwork,
  type QosNetworkInput,
  type QosNode,
  qosNetwork,
  qosNetworkSchema,
} from './network.js';
export { expectedOutcome, type Outcome } from './outcome.js';
export { npEdf } from './periodic.js';
export {
  countOperations,
  type DistilProtocol,
  type LinkProtocol,
  type Protocol,
  type SwapProtocol,
} from './protocol.js';
export { rcpspEdf } from './rcpsp.js';
export {
  jobEnd,
  jobStart,
  type Occupancy,
  occupancyOf,
  type Schedule,
  type ScheduledJob,
  type Scheduler,
} from './schedule.js';
export { rcpspBudget } from './suspend.js';
export {
  blockTask,
  durationOf,
  type Hold,
  hyperperiodSlots,
  type Step,
  type Task,
} from './task.js';
export {
  SMALL_NETWORKS,
  type SmallNetwork,
  smallNetwork,
  surfnetLike,
  surfnetLikePlaces,
} from './topologies.js';
export { type Violation, violations } from './verify.js';
