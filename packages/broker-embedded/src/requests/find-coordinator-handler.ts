/** FindCoordinator: which node coordinates a group. Transactions have no coordinator here. */
import { findCoordinator } from '@kohort/protocol';
import type { Cluster } from '../cluster/cluster.ts';
import { ErrorCodes } from '../error-codes.ts';
import { type Call, defineHandler, type Handler } from './handler.ts';

/** First version with a batch of keys (KIP-699). */
const BATCH_SINCE = 4;
const GROUP = 0;
/** Kafka's answer without a coordinator: no node, an empty host. */
const NOBODY = { nodeId: -1, host: '', port: -1 };

interface Found {
  readonly key: string;
  readonly nodeId: number;
  readonly host: string;
  readonly port: number;
  readonly errorCode: number;
  readonly errorMessage: string | null;
}

function failed(key: string, errorCode: number, errorMessage: string | null): Found {
  return { key, ...NOBODY, errorCode, errorMessage };
}

function locate(cluster: Cluster, key: string, keyType: number, call: Call): Found {
  if (keyType !== GROUP) {
    const message = 'This broker coordinates consumer groups only.';
    return failed(key, ErrorCodes.INVALID_REQUEST, message);
  }
  const nodeId = cluster.coordinators.nodeOf(key);
  if (nodeId < 0) {
    return failed(key, ErrorCodes.COORDINATOR_NOT_AVAILABLE, 'The coordinator is not available.');
  }
  return { key, nodeId, ...cluster.nodes.address(nodeId, call.listener), errorCode: 0, errorMessage: null };
}

function single(found: Found, version: number) {
  const { key: _, errorMessage, ...rest } = found;
  return version >= 1 ? { ...rest, errorMessage } : rest;
}

export function findCoordinatorHandler(cluster: Cluster): Handler {
  return defineHandler({
    api: findCoordinator,
    errorLevel: 'top',
    parts: (response) => response.coordinators ?? [response],
    handle: (request, call) => {
      const find = (key: string) => locate(cluster, key, request.keyType, call);
      if (call.version >= BATCH_SINCE) return { coordinators: request.coordinatorKeys.map(find) };
      return single(find(request.key), call.version);
    },
    blank: (request, version) => {
      if (version >= BATCH_SINCE) {
        return { coordinators: request.coordinatorKeys.map((key) => failed(key, 0, null)) };
      }
      return single(failed(request.key, 0, null), version);
    },
  });
}
