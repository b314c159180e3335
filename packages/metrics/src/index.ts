/**
 * Metrics and logs of Kohort consumer groups. The sinks are subpaths, each with its library as an optional peer:
 * `@kohort/metrics/prometheus` and `@kohort/metrics/log`. Here is what they are made of, for a sink of your own.
 */
export { ErrorLabels, LabelLimiter } from './bounded-labels.ts';
export { guardedHook, type SinkErrorHandler } from './guarded-hook.ts';
export { GroupRecorder, RECORDED_EVENTS } from './recorder/group-recorder.ts';
export { MemberRecord, type PartitionLagRecord } from './recorder/member-record.ts';
