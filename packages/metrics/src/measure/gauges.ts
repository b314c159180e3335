/** The gauges: computed from what members have said, at the moment of a scrape. A value that is unknown has no series. */

import { STATES } from '../catalogue/label-values.ts';
import type { GaugeName } from '../catalogue.ts';
import type { GroupView, LagKind } from './group-view.ts';
import type { Labels } from './measurements.ts';

export type Series = readonly (readonly [labels: Labels, value: number])[];

const MS_PER_SECOND = 1_000;

/** The values of each gauge for one group; their labels beside the group's. */
export const GAUGE_SERIES: Readonly<Record<GaugeName, (view: GroupView) => Series>> = {
  member_state: (view) => STATES.map((state) => [{ state }, view.membersIn(state)]),
  generation: (view) => known(view.highest((member) => member.generation)),
  is_leader: (view) => known(view.leaders),
  group_members: (view) => known(view.highest((member) => member.groupMembers)),
  session_timeout_seconds: (view) => known(inSeconds(view.lowest((member) => member.sessionTimeoutMs))),
  last_heartbeat_ack_timestamp_seconds: (view) =>
    known(inSeconds(view.lowest((member) => member.lastHeartbeatAck))),
  assigned_partitions: (view) =>
    [...view.assigned()].map(([topic, count]) => [view.topicLabels(topic), count]),
  last_rebalance_timestamp_seconds: (view) =>
    known(inSeconds(view.highest((member) => member.lastRebalance))),
  position_lag_records: (view) => lagSeries(view, 'position'),
  committed_lag_records: (view) => lagSeries(view, 'committed'),
  stalled_partitions: (view) => known(view.stalled),
};

function lagSeries(view: GroupView, kind: LagKind): Series {
  return [...view.lag(kind)].flatMap(([topic, { sum, max }]) => [
    [{ agg: 'sum', ...view.topicLabels(topic) }, sum] as const,
    [{ agg: 'max', ...view.topicLabels(topic) }, max] as const,
  ]);
}

function known(value: number | undefined): Series {
  return value === undefined ? [] : [[{}, value]];
}

function inSeconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / MS_PER_SECOND;
}
