/** The alerts: what each asks of the metrics, and series that make it fire and that leave it quiet. */

/** Values in the notation of Prometheus' rule tests, one a minute: `a+bxn` is a, then n steps of b. */
export type Series = Readonly<Record<string, string>>;

export interface Alert {
  readonly name: string;
  readonly severity: 'critical' | 'warning';
  readonly expr: string;
  /** How long it must hold; none means at once. */
  readonly for?: string;
  readonly summary: string;
  readonly fires: Series;
  readonly quiet: Series;
}

/** Whether a counter grew within the window; also one that has only just appeared, which `increase` does not see. */
function occurred(counter: string, window: string): string {
  return `increase(${counter}[${window}]) > 0 or (${counter} unless ${counter} offset ${window}) > 0`;
}

const group = 'group="billing"';
const stateOf = (state: string, values: string): Series => ({
  [`kohort_member_state{${group},state="${state}"}`]: values,
});
const COMMITS = 'kind, outcome, error';

export const ALERTS: readonly Alert[] = [
  {
    name: 'KohortMemberTerminated',
    severity: 'critical',
    expr: 'kohort_member_state{state="terminal"} > 0',
    summary: 'A member of {{ $labels.group }} has ended for good and consumes nothing',
    fires: stateOf('terminal', '1x60'),
    quiet: stateOf('terminal', '0x60'),
  },
  {
    name: 'KohortMemberOut',
    severity: 'critical',
    expr: 'kohort_member_state{state="out"} > 0',
    for: '1m',
    summary: 'A handler of {{ $labels.group }} does not settle; its member is out of the group',
    fires: stateOf('out', '1x60'),
    quiet: stateOf('out', '0x60'),
  },
  {
    name: 'KohortOwnershipInDoubt',
    severity: 'warning',
    expr: 'kohort_member_state{state="in-doubt"} > 0',
    for: '1m',
    summary: 'A member of {{ $labels.group }} cannot reach the coordinator and handles nothing',
    fires: stateOf('in-doubt', '1x60'),
    quiet: stateOf('in-doubt', '0x60'),
  },
  {
    name: 'KohortHeartbeatsUnanswered',
    severity: 'warning',
    expr:
      '(time() - kohort_last_heartbeat_ack_timestamp_seconds) / kohort_session_timeout_seconds > 0.6 ' +
      'and sum without (topic) (kohort_assigned_partitions) > 0',
    summary:
      'A member of {{ $labels.group }} has used up most of its session without an answer to a heartbeat',
    fires: {
      [`kohort_last_heartbeat_ack_timestamp_seconds{${group}}`]: '3570x60',
      [`kohort_session_timeout_seconds{${group}}`]: '45x60',
      [`kohort_assigned_partitions{${group}}`]: '3x60',
    },
    quiet: {
      [`kohort_last_heartbeat_ack_timestamp_seconds{${group}}`]: '3595x60',
      [`kohort_session_timeout_seconds{${group}}`]: '45x60',
      [`kohort_assigned_partitions{${group}}`]: '3x60',
    },
  },
  {
    name: 'KohortEventLoopBlocked',
    severity: 'warning',
    expr: 'increase(kohort_heartbeats_late_total[10m]) > 3',
    summary: 'Something blocks the event loop of a member of {{ $labels.group }}: its heartbeats leave late',
    fires: { [`kohort_heartbeats_late_total{${group}}`]: '0+1x60' },
    quiet: { [`kohort_heartbeats_late_total{${group}}`]: '7x60' },
  },
  {
    name: 'KohortRebalancesTooOften',
    severity: 'warning',
    expr: 'max by (group) (sum without (trigger, outcome) (increase(kohort_rebalances_total[10m]))) > 3',
    for: '5m',
    summary: '{{ $labels.group }} rebalances again and again',
    fires: { [`kohort_rebalances_total{${group},trigger="heartbeat",outcome="ok"}`]: '0+1x60' },
    quiet: { [`kohort_rebalances_total{${group},trigger="heartbeat",outcome="ok"}`]: '0+0x30 1+0x30' },
  },
  {
    name: 'KohortRebalanceSlow',
    severity: 'warning',
    expr:
      'max by (group) (rate(kohort_rebalance_duration_seconds_sum{outcome="ok"}[15m]) ' +
      '/ rate(kohort_rebalance_duration_seconds_count{outcome="ok"}[15m])) > 30',
    summary: 'Rebalances of {{ $labels.group }} take more than 30 seconds',
    fires: {
      [`kohort_rebalance_duration_seconds_sum{${group},outcome="ok"}`]: '0+40x60',
      [`kohort_rebalance_duration_seconds_count{${group},outcome="ok"}`]: '0+1x60',
    },
    quiet: {
      [`kohort_rebalance_duration_seconds_sum{${group},outcome="ok"}`]: '0+3x60',
      [`kohort_rebalance_duration_seconds_count{${group},outcome="ok"}`]: '0+1x60',
    },
  },
  {
    name: 'KohortNobodyOwns',
    severity: 'critical',
    expr: 'sum by (group) (kohort_assigned_partitions) == 0',
    for: '10m',
    summary: 'No member of {{ $labels.group }} owns a partition',
    fires: { [`kohort_assigned_partitions{${group}}`]: '0x60' },
    quiet: { [`kohort_assigned_partitions{${group}}`]: '0x55 3x5' },
  },
  {
    name: 'KohortPartitionsStalled',
    severity: 'critical',
    expr: 'kohort_stalled_partitions > 0',
    for: '5m',
    summary: '{{ $value }} partitions of {{ $labels.group }} make no progress although there are records',
    fires: { [`kohort_stalled_partitions{${group}}`]: '2x60' },
    quiet: { [`kohort_stalled_partitions{${group}}`]: '0x60' },
  },
  {
    name: 'KohortLagGrows',
    severity: 'warning',
    expr:
      'sum by (group) (kohort_committed_lag_records{agg="sum"}) > ' +
      '1000 + 1.2 * sum by (group) (kohort_committed_lag_records{agg="sum"} offset 15m)',
    for: '15m',
    summary: '{{ $labels.group }} does not keep up: its lag grows',
    fires: { [`kohort_committed_lag_records{${group},agg="sum"}`]: '0+1000x60' },
    quiet: { [`kohort_committed_lag_records{${group},agg="sum"}`]: '50000x60' },
  },
  {
    name: 'KohortRecordsExpireUnread',
    severity: 'critical',
    expr:
      'predict_linear(kohort_lead_records_min[30m], 3600) < 0 ' +
      'and sum without (agg) (kohort_position_lag_records{agg="max"}) > kohort_lead_records_min',
    for: '5m',
    summary:
      'Retention deletes records that {{ $labels.group }} has not read: it will catch up within the hour',
    fires: {
      [`kohort_lead_records_min{${group}}`]: '60000-1000x60',
      [`kohort_position_lag_records{${group},agg="max"}`]: '1000000x60',
    },
    quiet: {
      [`kohort_lead_records_min{${group}}`]: '60000-1000x60',
      [`kohort_position_lag_records{${group},agg="max"}`]: '0x60',
    },
  },
  {
    name: 'KohortOwnershipLost',
    severity: 'warning',
    expr: occurred('kohort_fenced_total', '10m'),
    summary:
      'A member of {{ $labels.group }} lost its partitions ({{ $labels.kind }}): records may be handled twice',
    fires: { [`kohort_fenced_total{${group},kind="lease"}`]: '_x55 1x5' },
    quiet: { [`kohort_fenced_total{${group},kind="lease"}`]: '1x60' },
  },
  {
    name: 'KohortHandlersFail',
    severity: 'warning',
    expr: 'sum without (action) (rate(kohort_handler_errors_total[5m])) > 0',
    for: '15m',
    summary: 'Handlers of {{ $labels.group }} keep failing',
    fires: { [`kohort_handler_errors_total{${group},action="retry"}`]: '0+2x60' },
    quiet: { [`kohort_handler_errors_total{${group},action="retry"}`]: '0+0x50 3+0x10' },
  },
  {
    name: 'KohortCommitsFail',
    severity: 'warning',
    expr:
      `sum without (${COMMITS}) (rate(kohort_commits_total{outcome="error"}[5m])) ` +
      `/ sum without (${COMMITS}) (rate(kohort_commits_total[5m])) > 0.5`,
    for: '5m',
    summary: 'Most commits of {{ $labels.group }} fail: what is handled now is handled again later',
    fires: {
      [`kohort_commits_total{${group},kind="interval",outcome="error",error="timeout"}`]: '0+9x60',
      [`kohort_commits_total{${group},kind="interval",outcome="ok",error=""}`]: '0+1x60',
    },
    quiet: {
      [`kohort_commits_total{${group},kind="interval",outcome="error",error="timeout"}`]: '0+1x60',
      [`kohort_commits_total{${group},kind="interval",outcome="ok",error=""}`]: '0+9x60',
    },
  },
  {
    name: 'KohortOffsetsReset',
    severity: 'warning',
    expr: occurred('kohort_offset_resets_total{reason!="no-committed-offset"}', '1h'),
    summary:
      'Positions of {{ $labels.group }} were reset ({{ $labels.reason }}): records were passed over or come again',
    fires: { [`kohort_offset_resets_total{${group},strategy="latest",reason="out-of-range"}`]: '_x30 1x30' },
    quiet: {
      [`kohort_offset_resets_total{${group},strategy="latest",reason="no-committed-offset"}`]: '0+1x60',
    },
  },
  {
    name: 'KohortAssignorFails',
    severity: 'warning',
    expr: occurred('kohort_assignments_rejected_total', '30m'),
    summary:
      'A plan or the metadata of a member of {{ $labels.group }} was not usable ({{ $labels.source }})',
    fires: { [`kohort_assignments_rejected_total{${group},source="assignor"}`]: '0+0x45 1+0x15' },
    quiet: { [`kohort_assignments_rejected_total{${group},source="assignor"}`]: '4x60' },
  },
  {
    name: 'KohortRecordsRedelivered',
    severity: 'warning',
    expr:
      'sum by (group) (rate(kohort_records_redelivered_total[30m])) ' +
      '/ sum by (group) (rate(kohort_records_consumed_total[30m])) > 0.01',
    for: '10m',
    summary:
      'More than 1 % of the records of {{ $labels.group }} are handled twice, because hand-overs do not wait for them',
    fires: {
      [`kohort_records_redelivered_total{${group}}`]: '0+5x60',
      [`kohort_records_consumed_total{${group}}`]: '0+100x60',
    },
    quiet: {
      [`kohort_records_redelivered_total{${group}}`]: '0+0x60',
      [`kohort_records_consumed_total{${group}}`]: '0+100x60',
    },
  },
];

/** A string in YAML, as the formatter of the project has it; a query has no single quote and no backslash. */
function quoted(query: string): string {
  return query.includes('"') ? `'${query}'` : JSON.stringify(query);
}

/** The rules as Prometheus reads them. */
export function alertRules(): string {
  const rules = ALERTS.map(({ name, severity, expr, summary, ...alert }) =>
    [
      `      - alert: ${name}`,
      `        expr: ${quoted(expr)}`,
      ...(alert.for ? [`        for: ${alert.for}`] : []),
      `        labels: { severity: ${severity} }`,
      '        annotations:',
      `          summary: ${JSON.stringify(summary)}`,
      `          runbook: docs/runbooks/${pageOf(name)}`,
    ].join('\n'),
  );
  return [
    '# Alerts for consumer groups; each has a page in docs/runbooks. Made from packages/metrics/test/generated/alerts.ts.',
    'groups:',
    '  - name: kohort',
    '    rules:',
    ...rules,
    '',
  ].join('\n');
}

/** `KohortMemberOut` has `member-out.md`. */
export function pageOf(name: string): string {
  const words = name.replace(/^Kohort/, '').match(/[A-Z][a-z]+/g) ?? [];
  return `${words.join('-').toLowerCase()}.md`;
}

/** Rule tests for promtool: each alert fires by its series, and is quiet by the others, an hour after they begin. */
export function alertRuleTests(rulesFile: string): string {
  const one = (alert: Alert, series: Series, firing: boolean) => ({
    name: `${alert.name} ${firing ? 'fires' : 'is quiet'}`,
    interval: '1m',
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    promql_expr_test: [
      {
        expr: `count(ALERTS{alertname="${alert.name}", alertstate="firing"})`,
        eval_time: '60m',
        exp_samples: firing ? [{ labels: '{}', value: 1 }] : [],
      },
    ],
  });
  const tests = ALERTS.flatMap((alert) => [one(alert, alert.fires, true), one(alert, alert.quiet, false)]);
  return JSON.stringify({ rule_files: [rulesFile], evaluation_interval: '1m', tests });
}
