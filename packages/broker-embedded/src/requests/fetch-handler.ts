/** Fetch: long polling over the partitions of one node. Without fetch sessions: every answer says session 0 (KIP-227). */
import { fetch } from '@kohort/protocol';
import type { Cluster } from '../cluster/cluster.ts';
import { ErrorCodes } from '../error-codes.ts';
import { FetchRead } from './fetch-read.ts';
import { defineHandler, type Handler } from './handler.ts';
import type { LongPoll } from './long-poll.ts';

export function fetchHandler(cluster: Cluster, longPoll: LongPoll): Handler {
  return defineHandler({
    api: fetch,
    errorLevel: 'nested',
    async handle(request, call) {
      // No session was ever handed out, so none can be continued: the client falls back to a full fetch.
      if (request.sessionId !== 0) {
        return { throttleTimeMs: 0, errorCode: ErrorCodes.FETCH_SESSION_ID_NOT_FOUND, responses: [] };
      }
      const deadline = cluster.clock.monotonic() + request.maxWaitMs;
      for (;;) {
        const answer = new FetchRead(cluster, request, call).run();
        const waitMs = deadline - cluster.clock.monotonic();
        const enough = answer.urgent || answer.sizeInBytes >= request.minBytes || answer.watched.length === 0;
        if (enough || waitMs <= 0 || longPoll.closed) {
          return { throttleTimeMs: 0, responses: answer.responses };
        }
        await longPoll.wait(answer.watched, waitMs);
      }
    },
    blank: (request) => ({
      throttleTimeMs: 0,
      errorCode: 0,
      responses: request.topics.map(({ topic, topicId, partitions }) => ({
        topic,
        topicId,
        partitions: partitions.map(({ partition }) => ({
          partitionIndex: partition,
          errorCode: 0,
          highWatermark: -1n,
          abortedTransactions: null,
          records: new Uint8Array(0),
        })),
      })),
    }),
  });
}
