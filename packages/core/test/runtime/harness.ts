/** A Manager over a scripted transport and a virtual clock, with what it told and called. */

import type { KohortEvent } from '../../src/contracts/hooks.ts';
import type { OwnershipCallbacks } from '../../src/contracts/session.ts';
import type { TopicPartition } from '../../src/contracts/topic-partition.ts';
import type { TopicMetadata } from '../../src/contracts/transport.ts';
import { Manager } from '../../src/runtime/manager.ts';
import { roundRobin } from '../../src/runtime/round-robin.ts';
import type { ManagerSettings } from '../../src/runtime/settings.ts';
import { encodeAssignment } from '../../src/wire/assignment.ts';
import { groupByTopic } from '../../src/wire/topic-partitions.ts';
import { type VirtualClock, virtualClock } from '../support/virtual-clock.ts';
import { BROKER, OTHER, type Script, ScriptedTransport } from './scripted-transport.ts';

export const P0: TopicPartition = { topic: 'orders', partition: 0 };
export const P1: TopicPartition = { topic: 'orders', partition: 1 };

export function topic(
  name: string,
  partitions: number,
  overrides: Partial<TopicMetadata> = {},
): TopicMetadata {
  const list = Array.from({ length: partitions }, (_, partition) => ({
    partition,
    errorCode: 0,
    leader: 1,
    leaderEpoch: 0,
    replicas: [1],
  }));
  return { errorCode: 0, name, internal: false, partitions: list, ...overrides };
}

export function cluster(...topics: readonly TopicMetadata[]) {
  return { clusterId: 'c', controllerId: 1, brokers: [BROKER, OTHER], topics };
}

export function assignment(...partitions: readonly TopicPartition[]): Uint8Array {
  return encodeAssignment(groupByTopic(partitions));
}

export function follower() {
  return {
    memberId: 'm1',
    generationId: 1,
    leaderId: 'other',
    protocolType: 'consumer',
    protocolName: 'roundrobin',
    skipAssignment: false,
    members: [],
  };
}

/** A coordinator that lets one member in as a follower and gives it p0 and p1. */
export function friendly(): Script {
  return {
    findCoordinator: [{ coordinator: BROKER, errorMessage: null }],
    metadata: [cluster(topic('orders', 2))],
    joinGroup: [follower()],
    syncGroup: [{ protocolType: 'consumer', protocolName: 'roundrobin', assignment: assignment(P0, P1) }],
    heartbeat: [{}],
    leaveGroup: [{ members: [] }],
  };
}

export interface Harness {
  readonly clock: VirtualClock;
  readonly transport: ScriptedTransport;
  readonly manager: Manager;
  readonly events: KohortEvent[];
  /** Names of callbacks with the partitions they were called for. */
  readonly calls: string[];
}

export function harness(
  script: Script = friendly(),
  settings: Partial<ManagerSettings> = {},
  callbacks: OwnershipCallbacks = {},
): Harness {
  const clock = virtualClock();
  const transport = new ScriptedTransport(script);
  const events: KohortEvent[] = [];
  const calls: string[] = [];
  const note = (name: string, partitions: readonly TopicPartition[]) =>
    calls.push(`${name} ${partitions.map((p) => p.partition).join(',')}`);
  const manager = new Manager(
    {
      groupId: 'g',
      clientId: 'kohort',
      groupInstanceId: undefined,
      rack: undefined,
      topics: ['orders'],
      transport: transport.factory(),
      assignors: [roundRobin()],
      heartbeatInterval: 5_000,
      sessionTimeout: 30_000,
      sessionTimeoutPadding: 10_000,
      rebalanceTimeout: 90_000,
      requestTimeout: 30_000,
      metadataMaxAge: 60_000,
      maxProcessingTime: 300_000,
      closeTimeout: 20_000,
      retryBackoff: { initial: 100, max: 1_000, jitter: 0 },
      crashLoop: { max: 10, within: 60_000 },
      lease: 'strict',
      verdicts: undefined,
      hooks: [(event) => events.push(event)],
      clock,
      random: () => 0.5,
      ...settings,
    },
    {
      onAssigned: (context) => {
        note('assigned', context.partitions);
        return callbacks.onAssigned?.(context);
      },
      onRevoked: (context) => {
        note('revoked', context.partitions);
        return callbacks.onRevoked?.(context);
      },
      onLost: (context) => {
        note(`lost(${context.reason})`, context.partitions);
        return callbacks.onLost?.(context);
      },
    },
  );
  return { clock, transport, manager, events, calls };
}

export function close(h: Harness, timeoutMs = 20_000) {
  return h.clock.runUntil(h.manager.close({ timeoutMs, leave: false, reason: 'test' }));
}
