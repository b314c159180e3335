/**
 * Heartbeat: a member of a classic group says that it lives. Version 3 brought the group instance id
 * (KIP-345).
 */
import { int16, int32, string, struct } from '../schema/builders.ts';
import { defineApi } from '../schema/define-api.ts';
import type { Decoded } from '../schema/field.ts';

const request = struct({
  groupId: string(),
  generationId: int32(),
  memberId: string(),
  groupInstanceId: string({ since: 3, nullableSince: 3, default: null }),
});

const response = struct({
  throttleTimeMs: int32({ since: 1, ignorable: true }),
  errorCode: int16(),
});

export type HeartbeatRequest = Decoded<typeof request>;
export type HeartbeatResponse = Decoded<typeof response>;

export const heartbeat = defineApi({
  key: 12,
  name: 'Heartbeat',
  versions: { min: 0, max: 4 },
  firstFlexible: 4,
  request,
  response,
});
