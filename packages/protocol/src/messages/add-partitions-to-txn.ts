/**
 * AddPartitionsToTxn: tells the transaction coordinator which partitions a transaction will touch (KIP-98).
 * Up to version 3 for one transaction, in fields that Kafka calls `v3AndBelow…`; from 4 on in batches,
 * between brokers only (KIP-890).
 */
import { array, bool, int16, int32, int64, string, struct } from '../schema/builders.ts';
import { defineApi } from '../schema/define-api.ts';
import type { Decoded } from '../schema/field.ts';

const TOPIC = struct({ name: string(), partitions: array(int32()) });

const TOPIC_RESULT = struct({
  name: string(),
  resultsByPartition: array(struct({ partitionIndex: int32(), partitionErrorCode: int16() })),
});

const request = struct({
  transactions: array(
    struct({
      transactionalId: string(),
      producerId: int64(),
      producerEpoch: int16(),
      verifyOnly: bool({ default: false }),
      topics: array(TOPIC),
    }),
    { since: 4 },
  ),
  v3AndBelowTransactionalId: string({ until: 3 }),
  v3AndBelowProducerId: int64({ until: 3 }),
  v3AndBelowProducerEpoch: int16({ until: 3 }),
  v3AndBelowTopics: array(TOPIC, { until: 3 }),
});

const response = struct({
  throttleTimeMs: int32(),
  errorCode: int16({ since: 4, ignorable: true }),
  resultsByTransaction: array(
    struct({
      transactionalId: string(),
      topicResults: array(TOPIC_RESULT),
    }),
    { since: 4 },
  ),
  resultsByTopicV3AndBelow: array(TOPIC_RESULT, { until: 3 }),
});

export type AddPartitionsToTxnRequest = Decoded<typeof request>;
export type AddPartitionsToTxnResponse = Decoded<typeof response>;

export const addPartitionsToTxn = defineApi({
  key: 24,
  name: 'AddPartitionsToTxn',
  versions: { min: 0, max: 5 },
  firstFlexible: 3,
  request,
  response,
});
