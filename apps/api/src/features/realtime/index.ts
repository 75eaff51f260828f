export { attachRealtime, type RealtimeEngine } from './engine.ts';
export { createPresence, type Presence } from './presence.service.ts';
export {
  bindOperation,
  type BoundOperation,
  type Connected,
  type OperationCall,
  type RealtimePart,
} from './realtime-part.ts';
export { createRealtimeHub, type Audience, type RealtimeHub } from './realtime-hub.ts';
