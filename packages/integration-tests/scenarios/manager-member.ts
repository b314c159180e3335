/** A member that only owns partitions. */
import { createGroupManager, type GroupManager } from '@kohort/core';
import type { Trace } from '@kohort/testkit';
import type { Backend } from './backend.ts';
import { Member, type MemberOptions } from './member.ts';

export class ManagerMember extends Member {
  readonly group: GroupManager;

  constructor(name: string, backend: Backend, trace: Trace, groupId: string, options: MemberOptions) {
    super(name, backend, trace);
    this.group = createGroupManager(this.optionsOf(options, groupId));
    this.watch(this.group.ended);
  }

  /** Joins without waiting for it; how it ends is in `ending`. */
  start(): this {
    this.group.start().catch(() => undefined); // `ended` rejects with the same
    return this;
  }
}
