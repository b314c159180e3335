/** Metrics of requests, connections, and of the hooks themselves. */
import { type MetricDefinitions, REQUEST_BUCKETS } from './definition.ts';
import { ERRORS, GROUP_APIS, NAMES, VERDICTS } from './label-values.ts';

const LANES = ['control', 'group', 'offsets', 'leave', 'fetch'] as const;

export const CLIENT_METRICS = {
  requests_total: {
    type: 'counter',
    unit: '{request}',
    help: 'Requests by API; an answer with a Kafka error is an answer',
    labels: { api: NAMES, outcome: ['ok', 'error'] },
    otel: 'requests',
    java: 'request-total',
  },
  request_seconds: {
    type: 'histogram',
    unit: 's',
    help: 'Until a request is answered, by API; Fetch, JoinGroup and SyncGroup may wait at the broker',
    labels: { api: NAMES },
    buckets: REQUEST_BUCKETS,
    otel: 'request.duration',
    java: 'request-latency-max',
  },
  request_failures_total: {
    type: 'counter',
    unit: '{request}',
    help: 'Requests of the membership that failed, by what was made of it',
    labels: { op: GROUP_APIS, verdict: VERDICTS },
    otel: 'request.failures',
  },
  retries_total: {
    type: 'counter',
    unit: '{retry}',
    help: 'Retries scheduled',
    labels: { op: NAMES, error: ERRORS },
    otel: 'retries',
  },
  throttle_seconds_total: {
    type: 'counter',
    unit: 's',
    help: 'How long brokers asked to hold back, by quota',
    labels: { api: NAMES },
    otel: 'throttle.duration',
    java: 'fetch-throttle-time-max',
  },
  connects_total: {
    type: 'counter',
    unit: '{connection}',
    help: 'Connections opened',
    labels: { lane: LANES },
    otel: 'connects',
    java: 'connection-creation-total',
  },
  disconnects_total: {
    type: 'counter',
    unit: '{connection}',
    help: 'Connections closed, by either side',
    labels: { lane: LANES },
    otel: 'disconnects',
    java: 'connection-close-total',
  },
  hook_errors_total: {
    type: 'counter',
    unit: '{hook}',
    help: 'Hooks that have thrown, each counted once',
    labels: {},
    otel: 'hook.errors',
  },
} as const satisfies MetricDefinitions;
