/**
 * Metrics and logs of Kohort consumer groups. The sinks are subpaths, each with its library as an optional peer:
 * `@kohort/metrics/prometheus` and `@kohort/metrics/log`. Here is what they are made of, for a sink of your own.
 *
 * @example
 * ```ts
 * import { guardedHook, LabelLimiter } from '@kohort/metrics';
 *
 * const topics = new LabelLimiter(100, '__other__'); // a hundred series, whatever the topics are called
 * const hook = guardedHook('settled', ['records.settled'], (event) => {
 *   if (event.type === 'records.settled') console.log(topics.bound(event.topic), event.count);
 * });
 * hook.name; // for the option `hooks` of a group
 * ```
 *
 * @packageDocumentation
 */
export { ErrorLabels, LabelLimiter } from './bounded-labels.ts';
export { guardedHook, type SinkErrorHandler } from './guarded-hook.ts';
export { GroupRecorder, RECORDED_EVENTS } from './recorder/group-recorder.ts';
export { MemberRecord, type PartitionLagRecord } from './recorder/member-record.ts';
