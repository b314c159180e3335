/** The sinks that write to one registry or meter, with the members that each knows: what gauges are computed from. */
import type { GroupRecorder } from '../recorder/group-recorder.ts';
import type { MemberRecord } from '../recorder/member-record.ts';
import { GroupView } from './group-view.ts';
import type { Labels } from './measurements.ts';
import type { PartitionNames } from './partition-names.ts';
import type { TopicNames } from './topic-names.ts';

/** One sink's part in the gauges. */
export interface GaugeSource<Common extends object = Labels> {
  readonly recorder: GroupRecorder;
  readonly topics: TopicNames;
  readonly partitions: PartitionNames;
  /** The labels that every metric of the group has. */
  common(groupId: string): Common;
}

export interface LabelledView<Common extends object> {
  readonly common: Common;
  readonly view: GroupView;
}

export class GaugeSources<Common extends object = Labels> {
  readonly #sources = new Set<GaugeSource<Common>>();

  /** Called after each event that the recorder has seen: a sink without members has no series. */
  update(source: GaugeSource<Common>): void {
    if (source.recorder.isEmpty) this.#sources.delete(source);
    else this.#sources.add(source);
  }

  /** Members with the same labels, whatever sink they have, make one view. */
  views(): readonly LabelledView<Common>[] {
    const groups = new Map<
      string,
      { common: Common; source: GaugeSource<Common>; members: MemberRecord[] }
    >();
    for (const source of this.#sources) {
      for (const member of source.recorder.members) {
        const common = source.common(member.groupId);
        const key = JSON.stringify(Object.entries(common).sort());
        const group = groups.get(key) ?? { common, source, members: [] };
        groups.set(key, group);
        group.members.push(member);
      }
    }
    return [...groups.values()].map(({ common, source, members }) => ({
      common,
      view: new GroupView(members, source.topics, source.partitions),
    }));
  }
}
