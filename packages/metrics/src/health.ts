/**
 * Liveness and readiness of a group with reasons, for the probes of an orchestrator.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createConsumerGroup } from '@kohort/core';
 * import { healthcheck } from '@kohort/metrics/health';
 * import { kafkajsTransport } from '@kohort/transport-kafkajs';
 *
 * const group = createConsumerGroup({
 *   groupId: 'billing',
 *   topics: ['orders'],
 *   transport: kafkajsTransport({ brokers: ['localhost:9092'] }),
 * });
 * const health = healthcheck(group);
 *
 * createServer((request, response) => {
 *   const report = request.url === '/livez' ? health.liveness() : health.readiness();
 *   response.writeHead(report.ok ? 200 : 503, { 'content-type': 'application/json' });
 *   response.end(JSON.stringify(report));
 * }).listen(8080);
 * ```
 *
 * @packageDocumentation
 */
import type { Group } from '@kohort/core';
import { ErrorCode, type GroupDescription, KohortError, type MemberStateName } from '@kohort/core/spi';
import { HealthNotes } from './health/health-notes.ts';
import type { HealthReason } from './health/health-reason.ts';

export type { HealthReason, HealthReasonCode } from './health/health-reason.ts';

/** `degraded` is healthy enough for a probe, and something that somebody should look at. */
export type HealthStatus = 'ok' | 'degraded' | 'failing';

export interface HealthReport {
  /** What a probe answers by: false only where the status is `failing`. */
  readonly ok: boolean;
  readonly status: HealthStatus;
  /** Empty where the status is `ok`; what fails comes first. */
  readonly reasons: readonly HealthReason[];
  readonly groupId: string;
  readonly state: MemberStateName;
}

export interface Healthcheck {
  /**
   * Fails where only a restart helps: the group has ended for good, or a handler has not settled within
   * `maxProcessingTime` and keeps the member out of the group. Never for a rebalance, a broker that cannot be reached,
   * a lag, or a close.
   */
  liveness(): HealthReport;
  /** Fails while the member does not take part: before its first assignment, in doubt, out, closing, ended. Not in a rebalance. */
  readiness(): HealthReport;
  /** Stops listening to the group. */
  stop(): void;
}

/**
 * Make it before the group runs: what was told earlier is not known.
 * @throws KohortError `KOHORT_CONFIG` for something else than a group
 */
export function healthcheck(group: Group): Healthcheck {
  if (typeof group?.describe !== 'function' || typeof group.subscribe !== 'function') {
    throw new KohortError(
      ErrorCode.config,
      `healthcheck(): takes what createConsumerGroup() or createGroupManager() returns; it was given ${
        group === null ? 'null' : typeof group
      }`,
    );
  }
  const notes = new HealthNotes();
  const stop = group.subscribe(notes.hook);
  const report = (failureOf: (description: GroupDescription) => HealthReason | undefined): HealthReport => {
    const description = group.describe();
    const { groupId, state } = description;
    const failure = failureOf(description);
    const reasons = [...(failure ? [failure] : []), ...notes.reasons];
    const status = failure ? 'failing' : reasons.length > 0 ? 'degraded' : 'ok';
    return { ok: !failure, status, reasons, groupId, state };
  };
  return {
    liveness: () => report(({ state }) => deadly(state, notes)),
    readiness: () => report((description) => deadly(description.state, notes) ?? absent(description)),
    stop,
  };
}

/** What only a restart helps against. */
function deadly(state: MemberStateName, notes: HealthNotes): HealthReason | undefined {
  if (state === 'terminal') return { code: 'terminal', message: notes.end ?? 'the group has ended for good' };
  if (state === 'out') {
    const where = notes.stuck ? ` at ${notes.stuck}` : '';
    return {
      code: 'stuck-handler',
      message: `a handler${where} does not settle, and the member is out of the group until it does`,
    };
  }
  return undefined;
}

function absent({ state, lastRebalance }: GroupDescription): HealthReason | undefined {
  switch (state) {
    case 'idle':
      return { code: 'not-started', message: 'the group has not been started' };
    case 'leaving':
    case 'closed':
      return { code: 'closing', message: `the group is ${state === 'closed' ? 'closed' : 'closing'}` };
    case 'in-doubt':
      return {
        code: 'in-doubt',
        message:
          'the coordinator has not answered for so long that ownership is in doubt; nothing is handled',
      };
    default:
      return lastRebalance
        ? undefined
        : { code: 'not-joined', message: `the first assignment has not come yet (${state})` };
  }
}
