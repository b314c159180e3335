/**
 * FindCoordinator: which broker coordinates a group (key type 0) or a transactional id (1). Up to version 3
 * one `key` and one answer; from 4 on `coordinatorKeys` and `coordinators` (KIP-699).
 */
import { array, int8, int16, int32, string, struct } from '../schema/builders.ts';
import { defineApi } from '../schema/define-api.ts';
import type { Decoded } from '../schema/field.ts';

const request = struct({
  key: string({ until: 3 }),
  keyType: int8({ since: 1, default: 0 }),
  coordinatorKeys: array(string(), { since: 4 }),
});

const response = struct({
  throttleTimeMs: int32({ since: 1, ignorable: true }),
  errorCode: int16({ until: 3 }),
  errorMessage: string({ since: 1, until: 3, nullableSince: 1, ignorable: true }),
  nodeId: int32({ until: 3 }),
  host: string({ until: 3 }),
  port: int32({ until: 3 }),
  coordinators: array(
    struct({
      key: string(),
      nodeId: int32(),
      host: string(),
      port: int32(),
      errorCode: int16(),
      errorMessage: string({ nullableSince: 0 }),
    }),
    { since: 4 },
  ),
});

export type FindCoordinatorRequest = Decoded<typeof request>;
export type FindCoordinatorResponse = Decoded<typeof response>;

export const findCoordinator = defineApi({
  key: 10,
  name: 'FindCoordinator',
  versions: { min: 0, max: 6 },
  firstFlexible: 3,
  request,
  response,
});
