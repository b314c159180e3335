/** What both sides can speak, by the versions that each feature needs. */
import type { Features } from '@kohort/core/spi';
import type { VersionRange } from '../api.ts';
import {
  fetch,
  heartbeat,
  joinGroup,
  leaveGroup,
  metadata,
  offsetCommit,
  offsetFetch,
  offsetForLeaderEpoch,
  syncGroup,
} from '../messages/index.ts';
import type { WireLane } from '../wire-client.ts';
import { commonVersion } from './versions.ts';

interface Spoken {
  readonly key: number;
  readonly versions: VersionRange;
}

/** Features of a broker that offers these ranges (KIPs as in the contract). */
export function featuresOf(offered: WireLane['apiVersions']): Features {
  const reaches = (api: Spoken, version: number) =>
    (commonVersion(api.versions, offered.get(api.key)) ?? -1) >= version;
  return {
    staticMembership:
      reaches(joinGroup, 5) && reaches(syncGroup, 3) && reaches(heartbeat, 3) && reaches(offsetCommit, 7),
    memberIdHandshake: reaches(joinGroup, 4),
    joinReason: reaches(joinGroup, 8) && reaches(leaveGroup, 5),
    skipAssignment: reaches(joinGroup, 9),
    leaderEpochs: reaches(offsetForLeaderEpoch, 2) && reaches(fetch, 9),
    divergingEpochs: reaches(fetch, 12),
    requireStable: reaches(offsetFetch, 7),
    topicIds: reaches(metadata, 10) && reaches(fetch, 13),
    fetchSessions: reaches(fetch, 7),
    // The transport contract has no ConsumerGroupHeartbeat yet, whatever the broker offers.
    consumerProtocol: false,
  };
}
