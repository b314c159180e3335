/**
 * AddOffsetsToTxn: tells the transaction coordinator that a transaction will commit a group's offsets
 * (KIP-98).
 */
import { int16, int32, int64, string, struct } from '../schema/builders.ts';
import { defineApi } from '../schema/define-api.ts';
import type { Decoded } from '../schema/field.ts';

const request = struct({
  transactionalId: string(),
  producerId: int64(),
  producerEpoch: int16(),
  groupId: string(),
});

const response = struct({
  throttleTimeMs: int32(),
  errorCode: int16(),
});

export type AddOffsetsToTxnRequest = Decoded<typeof request>;
export type AddOffsetsToTxnResponse = Decoded<typeof response>;

export const addOffsetsToTxn = defineApi({
  key: 25,
  name: 'AddOffsetsToTxn',
  versions: { min: 0, max: 4 },
  firstFlexible: 3,
  request,
  response,
});
