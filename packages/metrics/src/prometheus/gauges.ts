/** The gauges: computed from what members have said, at the moment of a scrape. */
import type { MemberStateName } from '@kohort/core/spi';
import type { GroupView, LagKind } from './group-view.ts';

export type Labels = Readonly<Record<string, string>>;

/** One gauge. `series` gives its values for one group; a value that is unknown has no series. */
export interface GaugeDefinition {
  readonly name: string;
  readonly help: string;
  /** Beside `group` and the constant ones. */
  readonly labels: readonly string[];
  /** How a cluster's workers are added up. */
  readonly aggregator: 'sum' | 'max';
  series(view: GroupView): (readonly [labels: Labels, value: number])[];
}

const STATES: readonly MemberStateName[] = [
  'idle',
  'joining',
  'assigning',
  'syncing',
  'applying',
  'stable',
  'draining',
  'in-doubt',
  'out',
  'leaving',
  'closed',
  'terminal',
];

const MS_PER_SECOND = 1_000;

/** @param byTopic whether gauges about partitions have a `topic` label */
export function gaugeDefinitions(byTopic: boolean): GaugeDefinition[] {
  return [
    ...memberGauges(),
    assignedGauge(byTopic),
    lagGauge('position', byTopic),
    lagGauge('committed', byTopic),
  ];
}

function memberGauges(): GaugeDefinition[] {
  return [
    {
      name: 'member_state',
      help: 'Members of this process in each state',
      labels: ['state'],
      aggregator: 'sum',
      series: (view) => STATES.map((state) => [{ state }, view.membersIn(state)]),
    },
    {
      name: 'generation',
      help: 'Generation of the group, -1 outside it',
      labels: [],
      aggregator: 'max',
      series: (view) => known(view.highest((member) => member.generation)),
    },
    {
      name: 'is_leader',
      help: 'Members of this process that lead the group',
      labels: [],
      aggregator: 'sum',
      series: (view) => known(view.leaders),
    },
    {
      name: 'group_members',
      help: 'Members of the group, told by its leader',
      labels: [],
      aggregator: 'max',
      series: (view) => known(view.highest((member) => member.groupMembers)),
    },
    {
      name: 'stalled_partitions',
      help: 'Partitions that make no progress although there are records',
      labels: [],
      aggregator: 'sum',
      series: (view) => known(view.stalled),
    },
    {
      name: 'last_heartbeat_ack_timestamp_seconds',
      help: 'When a heartbeat was last answered without an error',
      labels: [],
      aggregator: 'max',
      series: (view) => known(view.highest((member) => inSeconds(member.lastHeartbeatAck))),
    },
    {
      name: 'last_rebalance_timestamp_seconds',
      help: 'When the last rebalance ended',
      labels: [],
      aggregator: 'max',
      series: (view) => known(view.highest((member) => inSeconds(member.lastRebalance))),
    },
  ];
}

function assignedGauge(byTopic: boolean): GaugeDefinition {
  return {
    name: 'assigned_partitions',
    help: 'Partitions that members of this process own',
    labels: topicLabels(byTopic),
    aggregator: 'sum',
    series: (view) =>
      [...view.assigned()]
        .filter(([topic]) => !byTopic || topic !== '')
        .map(([topic, count]) => [topicOf(byTopic, topic), count]),
  };
}

function lagGauge(kind: LagKind, byTopic: boolean): GaugeDefinition {
  const from = kind === 'position' ? 'the position' : 'the committed offset';
  return {
    name: `${kind}_lag_records`,
    help: `Records from ${from} to the end of the partition, added up and at most`,
    labels: ['agg', ...topicLabels(byTopic)],
    aggregator: 'sum',
    series: (view) =>
      [...view.lag(kind)].flatMap(([topic, { sum, max }]) => [
        [{ agg: 'sum', ...topicOf(byTopic, topic) }, sum] as const,
        [{ agg: 'max', ...topicOf(byTopic, topic) }, max] as const,
      ]),
  };
}

function known(value: number | undefined): (readonly [Labels, number])[] {
  return value === undefined ? [] : [[{}, value]];
}

function inSeconds(ms: number | null): number | null {
  return ms === null ? null : ms / MS_PER_SECOND;
}

export function topicLabels(byTopic: boolean): string[] {
  return byTopic ? ['topic'] : [];
}

function topicOf(byTopic: boolean, topic: string): Labels {
  return byTopic ? { topic } : {};
}
