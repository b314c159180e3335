/**
 * EndTxn: commits or aborts a transaction (KIP-98). Version 5 answers with the epoch to go on with
 * (KIP-890).
 */
import { bool, int16, int32, int64, string, struct } from '../schema/builders.ts';
import { defineApi } from '../schema/define-api.ts';
import type { Decoded } from '../schema/field.ts';

const request = struct({
  transactionalId: string(),
  producerId: int64(),
  producerEpoch: int16(),
  committed: bool(),
});

const response = struct({
  throttleTimeMs: int32(),
  errorCode: int16(),
  producerId: int64({ since: 5, default: -1n, ignorable: true }),
  producerEpoch: int16({ since: 5, default: -1, ignorable: true }),
});

export type EndTxnRequest = Decoded<typeof request>;
export type EndTxnResponse = Decoded<typeof response>;

export const endTxn = defineApi({
  key: 26,
  name: 'EndTxn',
  versions: { min: 0, max: 5 },
  firstFlexible: 3,
  request,
  response,
});
