/** InitProducerId: producer ids for idempotent producers. Transactions over the wire go no further than this. */
import { initProducerId } from '@kohort/protocol';
import type { Cluster } from '../cluster/cluster.ts';
import { defineHandler, type Handler } from './handler.ts';

export function initProducerIdHandler(cluster: Cluster): Handler {
  return defineHandler({
    api: initProducerId,
    errorLevel: 'top',
    handle: ({ transactionalId }) => {
      const id =
        transactionalId === null
          ? { producerId: cluster.nextProducerId(), producerEpoch: 0 }
          : cluster.initTransactionalId(transactionalId);
      return { throttleTimeMs: 0, errorCode: 0, ...id };
    },
    blank: () => ({ throttleTimeMs: 0, errorCode: 0, producerId: -1n, producerEpoch: -1 }),
  });
}
