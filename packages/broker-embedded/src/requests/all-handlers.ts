/** Every API that this broker implements; `ApiVersions` joins them in the table. */
import type { Cluster } from '../cluster/cluster.ts';
import { deleteRecordsHandler } from './delete-records-handler.ts';
import { describeConfigsHandler } from './describe-configs-handler.ts';
import { fetchHandler } from './fetch-handler.ts';
import { findCoordinatorHandler } from './find-coordinator-handler.ts';
import { groupAdminHandlers } from './group-admin-handlers.ts';
import type { Handler } from './handler.ts';
import { listOffsetsHandler, offsetForLeaderEpochHandler } from './list-offsets-handler.ts';
import type { LongPoll } from './long-poll.ts';
import { membershipHandlers } from './membership-handlers.ts';
import { metadataHandler } from './metadata-handler.ts';
import { offsetHandlers } from './offset-handlers.ts';
import { produceHandler } from './produce-handler.ts';
import { initProducerIdHandler } from './producer-id-handler.ts';
import { saslHandlers } from './sasl-handlers.ts';
import { topicAdminHandlers } from './topic-admin-handlers.ts';

export function allHandlers(cluster: Cluster, longPoll: LongPoll): Handler[] {
  return [
    produceHandler(cluster),
    fetchHandler(cluster, longPoll),
    listOffsetsHandler(cluster),
    offsetForLeaderEpochHandler(cluster),
    metadataHandler(cluster),
    findCoordinatorHandler(cluster),
    ...membershipHandlers(cluster),
    ...offsetHandlers(cluster),
    ...groupAdminHandlers(cluster),
    ...topicAdminHandlers(cluster),
    deleteRecordsHandler(cluster),
    describeConfigsHandler(cluster),
    initProducerIdHandler(cluster),
    ...saslHandlers(cluster),
  ];
}
