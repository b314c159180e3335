/** The service: a consumer group with handler, dead letters, metrics, logs, probes, and an end that loses nothing. */
import { cooperativeSticky } from '@kohort/assignors';
import { closeOnSignal, createConsumerGroup, type HandlerErrorPolicy } from '@kohort/core';
import { healthcheck } from '@kohort/metrics/health';
import { logHook } from '@kohort/metrics/log';
import { prometheus } from '@kohort/metrics/prometheus';
import { kafkajsTransport } from '@kohort/transport-kafkajs';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { Billing, InvalidOrder } from './billing.ts';
import type { Config } from './config.ts';
import { DeadLetters } from './dead-letters.ts';
import { kafkaConfig } from './kafka.ts';
import type { Logger } from './logging.ts';
import { serveProbes } from './probes.ts';

/** Attempts, with growing pauses, before a record becomes a dead letter. */
const MOST_ATTEMPTS = 5;

/** Milliseconds after which an unreachable cluster is worth a word. It is tried for ever nevertheless. */
const READY_WITHIN = 30_000;

/**
 * Runs until a signal ends it.
 * @throws KohortError when the group has ended for good @throws Error when the port of the probes is in use
 */
export async function runService(config: Config, log: Logger): Promise<void> {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const billing = new Billing(registry);
  const deadLetters = new DeadLetters(kafkaConfig(config), config.deadLetterTopic);

  const group = createConsumerGroup({
    groupId: config.groupId,
    topics: [config.topic],
    clientId: config.clientId,
    ...(config.groupInstanceId === null ? {} : { groupInstanceId: config.groupInstanceId }),
    transport: kafkajsTransport(kafkaConfig(config)),
    assignors: [cooperativeSticky()],
    autoOffsetReset: 'earliest',
    closeTimeout: config.closeTimeout,
    onHandlerError: sendAway(deadLetters, log),
    hooks: [prometheus({ registry }), logHook({ logger: log })],
  });
  const probes = await serveProbes(config.http, healthcheck(group), registry);
  log.info({ port: probes.port }, 'listening for probes');

  closeOnSignal(group);
  try {
    const running = group.run({
      eachRecord: ({ value }, { signal }) => billing.bill(value, signal),
    });
    group
      .ready({ timeout: READY_WITHIN })
      .then(() => log.info('ready'))
      .catch((error: unknown) => {
        if (group.describe().state !== 'closed') log.warn({ err: error }, 'not ready yet');
      });
    await running;
    log.info('closed');
  } finally {
    await deadLetters.close();
    await probes.close();
  }
}

/** Tries again where that may help; what cannot be handled is kept elsewhere first, then passed over. */
function sendAway(deadLetters: DeadLetters, log: Logger): HandlerErrorPolicy {
  return async (error, record, { attempt, signal }) => {
    if (signal.aborted) return 'retry'; // somebody else's record by now, or nobody's: nothing to decide
    if (!(error instanceof InvalidOrder) && attempt < MOST_ATTEMPTS) return 'retry';
    await deadLetters.send(record, error); // when this rejects, the record is tried again
    log.error({ err: error, record }, 'sent to the dead letters');
    return 'skip';
  };
}
