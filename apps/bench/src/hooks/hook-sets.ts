/** What listens to a group while it is measured: nothing, one hook that does nothing, one sink, or all of them. */
import type { ConsumerGroup } from '@kohort/core';
import type { HookLike } from '@kohort/core/spi';

export const HOOK_SETS = [
  'none',
  'empty',
  'prometheus',
  'opentelemetry',
  'log',
  'diagnostics-channel',
  'timeline',
  'all',
] as const;
export type HookSet = (typeof HOOK_SETS)[number];

/** Sinks as users have them: the real libraries, default options, and something that takes what they say. */
export async function hooksOf(set: HookSet): Promise<readonly HookLike[]> {
  switch (set) {
    case 'none':
      return [];
    case 'empty':
      return [() => {}];
    case 'prometheus': {
      const { prometheus } = await import('@kohort/metrics/prometheus');
      const { Registry } = await import('prom-client');
      return [prometheus({ registry: new Registry() })];
    }
    case 'opentelemetry': {
      const { openTelemetry } = await import('@kohort/metrics/opentelemetry');
      const { MeterProvider } = await import('@opentelemetry/sdk-metrics');
      return [openTelemetry({ meter: new MeterProvider().getMeter('bench') })];
    }
    case 'log': {
      const { logHook } = await import('@kohort/metrics/log');
      const { pino } = await import('pino');
      return [logHook({ logger: pino(pino.destination('/dev/null')) })];
    }
    case 'diagnostics-channel': {
      const { diagnosticsChannel } = await import('@kohort/metrics/diagnostics-channel');
      return [diagnosticsChannel()];
    }
    case 'timeline': {
      const { assignmentTimeline } = await import('@kohort/metrics/timeline');
      return [assignmentTimeline().hook('bench')];
    }
    case 'all':
      return (await Promise.all(SINKS.map(hooksOf))).flat();
  }
}

const SINKS = ['prometheus', 'opentelemetry', 'log', 'diagnostics-channel', 'timeline'] as const;

/** Health is not an option of the group: it listens to one that there is. */
export async function listenTo(group: ConsumerGroup, set: HookSet): Promise<void> {
  if (set !== 'all') return;
  const { healthcheck } = await import('@kohort/metrics/health');
  healthcheck(group);
}
