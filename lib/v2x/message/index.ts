/** What agents tell each other, as bytes: a header, then sections of boxes, points, cells, blocks and routes. */
export { encodeHeader, type Header, headerOf } from './header.js';
export { INSTANCE_BYTES, type Instance, instancesSection } from './instances.js';
export { decodeMessage, encodeMessage, type Message } from './message.js';
export {
  type Blocks,
  BOX_BYTES,
  blocksSection,
  boxesSection,
  cellSections,
  cellsWithin,
  MOVING_BOX_BYTES,
  POINT_BYTES,
  type PointFormat,
  pointsSection,
  routeSection,
} from './sections.js';
export { withinBytes } from './within-bytes.js';
