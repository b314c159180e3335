/** What each event adds to the counters and histograms. */
import type { EventName, EventOf, KohortEvent, RebalancePhases } from '@kohort/core/spi';
import type { Histogram } from 'prom-client';
import { ErrorLabels, LabelLimiter } from '../bounded-labels.ts';
import type { Labels } from './gauges.ts';
import type { Instruments } from './instruments.ts';

/** The events that count. */
export const OBSERVED_EVENTS = [
  'rebalance.end',
  'partitions.assigned',
  'partitions.revoked',
  'partitions.lost',
  'heartbeat.end',
  'heartbeat.stalled',
  'member.fenced',
  'member.terminated',
  'commit.end',
  'records.settled',
  'handler.error',
  'offsets.reset',
  'partition.stalled',
  'retry.scheduled',
] as const satisfies readonly EventName[];

const MS_PER_SECOND = 1_000;
/** Names of requests and of policies are few, but nothing in their types says so. */
const MAX_OPERATIONS = 30;
const MAX_STRATEGIES = 10;

/** Labels of one sink. */
export interface ObserverLabels {
  /** Label of a topic, `{}` where topics are not told apart. */
  topic(topic: string): Labels;
  /** The labels that every metric has. */
  common(groupId: string): Labels;
}

export class Observer {
  readonly #instruments: Instruments;
  readonly #labels: ObserverLabels;
  readonly #errors = new ErrorLabels();
  readonly #operations = new LabelLimiter(MAX_OPERATIONS, '_OTHER');
  readonly #strategies = new LabelLimiter(MAX_STRATEGIES, '_OTHER');

  constructor(instruments: Instruments, labels: ObserverLabels) {
    this.#instruments = instruments;
    this.#labels = labels;
  }

  observe(event: KohortEvent): void {
    const common = this.#labels.common(event.groupId);
    const metrics = this.#instruments;
    switch (event.type) {
      case 'rebalance.end':
        this.#rebalance(event, common);
        break;
      case 'partitions.assigned':
        observeMs(metrics.callbackSeconds, { ...common, callback: 'assigned' }, event.callbackMs);
        break;
      case 'partitions.revoked':
        observeMs(metrics.callbackSeconds, { ...common, callback: 'revoked' }, event.callbackMs);
        break;
      case 'partitions.lost':
        metrics.moved.inc({ ...common, kind: 'lost' }, event.partitions.length);
        observeMs(metrics.callbackSeconds, { ...common, callback: 'lost' }, event.callbackMs);
        break;
      case 'heartbeat.end':
        metrics.heartbeats.inc({ ...common, outcome: event.outcome, error: this.#errors.bound(event.error) });
        observeMs(metrics.heartbeatSeconds, common, event.durationMs);
        break;
      case 'commit.end':
        this.#commit(event, common);
        break;
      case 'records.settled':
        this.#settled(event, { ...common, ...this.#labels.topic(event.topic) });
        break;
      default:
        this.#countOccurrence(event, common);
        break;
    }
  }

  #rebalance(event: EventOf<'rebalance.end'>, common: Labels): void {
    const { rebalances, rebalanceSeconds, phaseSeconds, moved } = this.#instruments;
    const { outcome, trigger } = event;
    rebalances.inc({ ...common, trigger, outcome });
    observeMs(rebalanceSeconds, { ...common, outcome }, event.durationMs);
    for (const [phase, ms] of phasesOf(event.phases)) observeMs(phaseSeconds, { ...common, phase }, ms);
    moved.inc({ ...common, kind: 'kept' }, event.kept);
    moved.inc({ ...common, kind: 'added' }, event.added);
    moved.inc({ ...common, kind: 'revoked' }, event.revoked);
  }

  #commit(event: EventOf<'commit.end'>, common: Labels): void {
    const { kind, outcome } = event;
    this.#instruments.commits.inc({ ...common, kind, outcome, error: this.#errors.bound(event.error) });
    observeMs(this.#instruments.commitSeconds, { ...common, kind }, event.durationMs);
  }

  #settled(event: EventOf<'records.settled'>, labels: Labels): void {
    this.#instruments.records.inc(labels, event.count);
    this.#instruments.bytes.inc(labels, event.bytes);
    observeMs(this.#instruments.processSeconds, labels, event.durationMs);
  }

  /** Events that are nothing but counted. */
  #countOccurrence(event: KohortEvent, common: Labels): void {
    const metrics = this.#instruments;
    switch (event.type) {
      case 'heartbeat.stalled':
        metrics.heartbeatStalls.inc(common);
        break;
      case 'member.fenced':
        metrics.fenced.inc({ ...common, kind: event.kind });
        break;
      case 'member.terminated':
        metrics.terminated.inc({ ...common, terminal_class: event.terminalClass });
        break;
      case 'handler.error':
        metrics.handlerErrors.inc({ ...common, action: event.action });
        break;
      case 'offsets.reset':
        metrics.offsetResets.inc({
          ...common,
          strategy: this.#strategies.bound(event.policy),
          reason: event.reason,
        });
        break;
      case 'partition.stalled':
        metrics.stalls.inc({ ...common, phase: event.phase });
        break;
      case 'retry.scheduled':
        metrics.retries.inc({
          ...common,
          op: this.#operations.bound(event.operation),
          error: this.#errors.bound(event.error),
        });
        break;
    }
  }
}

/** Phases that occurred. */
function phasesOf(phases: RebalancePhases): (readonly [phase: string, ms: number])[] {
  return (
    [
      ['revoke', phases.revokeMs],
      ['join', phases.joinMs],
      ['assign', phases.assignMs],
      ['sync', phases.syncMs],
      ['apply', phases.applyMs],
    ] as const
  ).filter(([, ms]) => ms > 0);
}

function observeMs(histogram: Histogram, labels: Labels, ms: number): void {
  histogram.observe(labels, ms / MS_PER_SECOND);
}
