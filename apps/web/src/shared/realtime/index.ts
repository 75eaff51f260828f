export { askLine, line, onMessage, onResync, startRealtime, stopRealtime } from './line.ts';
export { useCut, useMessage, useResync } from './use-message.ts';
