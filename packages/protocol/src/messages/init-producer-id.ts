/**
 * InitProducerId: the id and epoch of an idempotent or transactional producer (KIP-98). Version 3 brought
 * the epoch to be raised (KIP-360).
 */
import { int16, int32, int64, string, struct } from '../schema/builders.ts';
import { defineApi } from '../schema/define-api.ts';
import type { Decoded } from '../schema/field.ts';

const request = struct({
  transactionalId: string({ nullableSince: 0 }),
  transactionTimeoutMs: int32(),
  producerId: int64({ since: 3, default: -1n }),
  producerEpoch: int16({ since: 3, default: -1 }),
});

const response = struct({
  throttleTimeMs: int32(),
  errorCode: int16(),
  producerId: int64({ default: -1n }),
  producerEpoch: int16(),
});

export type InitProducerIdRequest = Decoded<typeof request>;
export type InitProducerIdResponse = Decoded<typeof response>;

export const initProducerId = defineApi({
  key: 22,
  name: 'InitProducerId',
  versions: { min: 0, max: 5 },
  firstFlexible: 2,
  request,
  response,
});
