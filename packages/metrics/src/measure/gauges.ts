/** The gauges: computed from what members have said, at the moment of a scrape. A value that is unknown has no series. */

import { STATES } from '../catalogue/label-values.ts';
import type { GaugeName } from '../catalogue.ts';
import type { GroupView, LagKind, LagSummary, ToldPartition } from './group-view.ts';
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
  uncommitted_records: (view) => topicSeries(view, 'uncommitted', ({ sum }) => sum),
  time_lag_seconds: (view) => topicSeries(view, 'time', ({ max }) => max / MS_PER_SECOND),
  lead_records_min: (view) => topicSeries(view, 'lead', ({ min }) => min),
  in_flight_records: (view) => known(view.total('inFlight')),
  buffered_bytes: (view) => known(view.total('bufferedBytes')),
  idle_ratio: (view) => known(view.lowest((member) => member.idleRatio)),
  stalled_partitions: (view) => known(view.stalled),
  partition_owned: (view) => partitionSeries(view, () => 1),
  partition_position_lag_records: (view) => partitionSeries(view, (sample) => sample?.position),
  partition_committed_lag_records: (view) => partitionSeries(view, (sample) => sample?.committed),
  partition_time_lag_seconds: (view) => partitionSeries(view, (sample) => inSeconds(sample?.time)),
  partition_last_commit_timestamp_seconds: (view) =>
    partitionSeries(view, (sample) => inSeconds(sample?.committedAt)),
  partitions_untold: (view) => known(view.untold),
};

function lagSeries(view: GroupView, kind: LagKind): Series {
  return [...view.lag(kind)].flatMap(([topic, { sum, max }]) => [
    [{ agg: 'sum', ...view.topicLabels(topic) }, sum] as const,
    [{ agg: 'max', ...view.topicLabels(topic) }, max] as const,
  ]);
}

function topicSeries(view: GroupView, kind: LagKind, pick: (summary: LagSummary) => number): Series {
  return [...view.lag(kind)].map(([topic, summary]) => [view.topicLabels(topic), pick(summary)] as const);
}

function partitionSeries(
  view: GroupView,
  pick: (sample: ToldPartition['sample']) => number | null | undefined,
): Series {
  return view.partitions.flatMap(({ labels, sample }) => {
    const value = pick(sample);
    return value === null || value === undefined ? [] : [[labels, value] as const];
  });
}

function known(value: number | undefined): Series {
  return value === undefined ? [] : [[{}, value]];
}

function inSeconds(ms: number | null | undefined): number | undefined {
  return ms === undefined || ms === null ? undefined : ms / MS_PER_SECOND;
}
