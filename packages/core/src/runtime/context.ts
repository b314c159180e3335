/** What the parts of the manager share: what the group is, what it talks to, and the one way to change the membership. */
import type { ClusterMetadata } from '../cluster/cluster-metadata.ts';
import type { MembershipEvent } from '../membership/event.ts';
import type { Membership } from '../membership/state.ts';
import type { VerdictFor } from '../membership/verdicts.ts';
import type { Connection } from './connection.ts';
import type { Notifier } from './notifier.ts';
import type { ManagerSettings } from './settings.ts';

export interface ManagerContext {
  readonly settings: ManagerSettings;
  readonly connection: Connection;
  readonly metadata: ClusterMetadata;
  readonly notifier: Notifier;
  /** The error tables, with the user's overrides. */
  readonly judge: VerdictFor;
  /** Aborted when the group has ended. */
  readonly signal: AbortSignal;
  /** The membership as of the last step. */
  readonly member: () => Membership;
  readonly post: (event: MembershipEvent) => void;
  /** Kept for who waits: why the group is not ready yet. */
  readonly noteFailure: (error: unknown) => void;
}
