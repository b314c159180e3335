/** The dashboard for Grafana: what to look at first on top, then rebalances, work, requests. */

interface Panel {
  readonly title: string;
  readonly unit: 'short' | 's' | 'Bps' | 'ops' | 'percentunit';
  readonly description?: string;
  /** Queries by legend. */
  readonly queries: Readonly<Record<string, string>>;
}

const G = '{group=~"$group"}';
const RATE = '[$__rate_interval]';

const rate = (metric: string, by: string, more = '') =>
  `sum by (${by}) (rate(kohort_${metric}{group=~"$group"${more}}${RATE}))`;
const quantile = (q: number, metric: string, by = 'group') =>
  `histogram_quantile(${q}, sum by (${by}, le) (rate(kohort_${metric}_bucket${G}${RATE})))`;

const SECTIONS: Readonly<Record<string, readonly Panel[]>> = {
  Health: [
    {
      title: 'Members by state',
      unit: 'short',
      description:
        'In steady state all are stable. in-doubt: the coordinator does not answer. out: a handler does not settle.',
      queries: { '{{group}} {{state}}': `sum by (group, state) (kohort_member_state${G}) > 0` },
    },
    {
      title: 'Partitions owned',
      unit: 'short',
      queries: { '{{group}}': `sum by (group) (kohort_assigned_partitions${G})` },
    },
    {
      title: 'Stalled partitions',
      unit: 'short',
      queries: { '{{group}}': `sum by (group) (kohort_stalled_partitions${G})` },
    },
    {
      title: 'Session used up since the last answered heartbeat',
      unit: 'percentunit',
      description: 'At 0.95 ownership is in doubt.',
      queries: {
        '{{group}} {{instance}}': `(time() - kohort_last_heartbeat_ack_timestamp_seconds${G}) / kohort_session_timeout_seconds${G}`,
      },
    },
    {
      title: 'What went wrong',
      unit: 'short',
      description: 'Per hour.',
      queries: {
        'fenced {{group}} {{kind}}': `sum by (group, kind) (increase(kohort_fenced_total${G}[1h]))`,
        'deadline {{group}}': `sum by (group) (increase(kohort_processing_deadlines_total${G}[1h]))`,
        'reset {{group}} {{reason}}': `sum by (group, reason) (increase(kohort_offset_resets_total${G}[1h]))`,
        'plan rejected {{group}}': `sum by (group) (increase(kohort_assignments_rejected_total${G}[1h]))`,
        'heartbeats late {{group}}': `sum by (group) (increase(kohort_heartbeats_late_total${G}[1h]))`,
      },
    },
  ],
  Rebalances: [
    {
      title: 'Rebalances by trigger',
      unit: 'short',
      description: 'Per 10 minutes, of the member that has most of them.',
      queries: {
        '{{group}} {{trigger}}': `max by (group, trigger) (increase(kohort_rebalances_total${G}[10m]))`,
      },
    },
    {
      title: 'How long they take',
      unit: 's',
      queries: {
        'median {{group}}': quantile(0.5, 'rebalance_duration_seconds'),
        '99 % {{group}}': quantile(0.99, 'rebalance_duration_seconds'),
      },
    },
    {
      title: 'Phases',
      unit: 's',
      description: 'A long revoke is a slow handler, a long join a slow member elsewhere.',
      queries: {
        '{{phase}}':
          `sum by (phase) (rate(kohort_rebalance_phase_seconds_sum${G}${RATE}))` +
          ` / sum by (phase) (rate(kohort_rebalance_phase_seconds_count${G}${RATE}))`,
      },
    },
    {
      title: 'Partitions moved',
      unit: 'ops',
      queries: { '{{group}} {{kind}}': rate('partitions_moved_total', 'group, kind') },
    },
    {
      title: 'Handed over unfinished',
      unit: 'ops',
      description: 'Records that the next owner gets again, and seconds that partitions stood still.',
      queries: {
        'records again {{group}}': rate('records_redelivered_total', 'group'),
        'partition seconds {{group}}': rate('partition_unavailable_seconds_total', 'group'),
      },
    },
  ],
  Work: [
    {
      title: 'Lag',
      unit: 'short',
      queries: {
        'committed {{group}}': `sum by (group) (kohort_committed_lag_records{group=~"$group", agg="sum"})`,
        'position {{group}}': `sum by (group) (kohort_position_lag_records{group=~"$group", agg="sum"})`,
      },
    },
    {
      title: 'Age of the oldest record that has not settled',
      unit: 's',
      queries: { '{{group}}': `max by (group) (kohort_time_lag_seconds${G})` },
    },
    {
      title: 'In flight, and what would be handled again',
      unit: 'short',
      description:
        'Records from the committed offset to the position are handled again when the process dies.',
      queries: {
        'in flight {{group}}': `sum by (group) (kohort_in_flight_records${G})`,
        'uncommitted {{group}}': `sum by (group) (kohort_uncommitted_records${G})`,
      },
    },
    {
      title: 'Idle',
      unit: 'percentunit',
      description: 'Of the busiest member. Near 0 the handlers are the bottleneck.',
      queries: { '{{group}}': `min by (group) (kohort_idle_ratio${G})` },
    },
    {
      title: 'Records settled',
      unit: 'ops',
      queries: { '{{group}}': rate('records_consumed_total', 'group') },
    },
    {
      title: 'Bytes',
      unit: 'Bps',
      queries: {
        'fetched {{group}}': rate('bytes_fetched_total', 'group'),
        'settled {{group}}': rate('bytes_consumed_total', 'group'),
      },
    },
    {
      title: 'Handlers',
      unit: 's',
      queries: {
        'median {{group}}': quantile(0.5, 'process_seconds'),
        '99 % {{group}}': quantile(0.99, 'process_seconds'),
      },
    },
    {
      title: 'Errors of handlers, partitions, callbacks',
      unit: 'ops',
      queries: {
        'handler {{group}} {{action}}': rate('handler_errors_total', 'group, action'),
        'partition {{group}} {{error}}': rate('partition_errors_total', 'group, error'),
        'callback {{group}} {{callback}}': rate('callback_errors_total', 'group, callback'),
      },
    },
    {
      title: 'Commits',
      unit: 'ops',
      queries: {
        '{{group}} {{kind}} {{outcome}} {{error}}': rate('commits_total', 'group, kind, outcome, error'),
      },
    },
  ],
  Requests: [
    {
      title: 'Requests',
      unit: 'ops',
      queries: { '{{api}} {{outcome}}': rate('requests_total', 'api, outcome') },
    },
    {
      title: 'Until an answer, 99 %',
      unit: 's',
      queries: { '{{api}}': quantile(0.99, 'request_seconds', 'api') },
    },
    { title: 'Retries', unit: 'ops', queries: { '{{op}} {{error}}': rate('retries_total', 'op, error') } },
    {
      title: 'Connections and quotas',
      unit: 'ops',
      queries: {
        'opened {{lane}}': rate('connects_total', 'lane'),
        'closed {{lane}}': rate('disconnects_total', 'lane'),
        'throttled seconds {{api}}': rate('throttle_seconds_total', 'api'),
      },
    },
  ],
};

/** Every query of the dashboard, as Grafana has it. */
export function dashboardQueries(): readonly string[] {
  return Object.values(SECTIONS).flatMap((panels) => panels.flatMap(({ queries }) => Object.values(queries)));
}

const DATASOURCE = { type: 'prometheus', uid: '$datasource' };
const COLUMNS = 3;
const WIDTH = 24 / COLUMNS;
const HEIGHT = 8;

export function dashboard(): string {
  const panels: object[] = [];
  let y = 0;
  for (const [title, section] of Object.entries(SECTIONS)) {
    panels.push({
      id: panels.length + 1,
      type: 'row',
      title,
      collapsed: false,
      gridPos: { x: 0, y, w: 24, h: 1 },
    });
    y += 1;
    section.forEach((panel, i) => {
      const gridPos = {
        x: (i % COLUMNS) * WIDTH,
        y: y + Math.floor(i / COLUMNS) * HEIGHT,
        w: WIDTH,
        h: HEIGHT,
      };
      panels.push(panelOf(panel, panels.length + 1, gridPos));
    });
    y += Math.ceil(section.length / COLUMNS) * HEIGHT;
  }
  return `${JSON.stringify({ ...FRAME, panels }, null, 2)}\n`;
}

function panelOf({ title, unit, description, queries }: Panel, id: number, gridPos: object): object {
  return {
    id,
    type: 'timeseries',
    title,
    ...(description ? { description } : {}),
    datasource: DATASOURCE,
    gridPos,
    fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
    options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi' } },
    targets: Object.entries(queries).map(([legendFormat, expr], i) => ({
      refId: String.fromCharCode(65 + i),
      datasource: DATASOURCE,
      expr,
      legendFormat,
    })),
  };
}

const FRAME = {
  title: 'Kohort consumer groups',
  uid: 'kohort',
  tags: ['kafka', 'kohort'],
  schemaVersion: 39,
  editable: true,
  refresh: '30s',
  time: { from: 'now-3h', to: 'now' },
  templating: {
    list: [
      { name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Data source' },
      {
        name: 'group',
        type: 'query',
        label: 'Group',
        datasource: DATASOURCE,
        query: 'label_values(kohort_member_state, group)',
        refresh: 2,
        multi: true,
        includeAll: true,
        allValue: '.*',
      },
    ],
  },
};
