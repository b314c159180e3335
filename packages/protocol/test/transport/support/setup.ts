// A transport over a scripted broker and a clock that the test moves, with usual answers to the usual first questions.
import type { BrokerAddress, GroupTransport, TransportContext, TransportError } from '@kohort/core/spi';
import { expect } from 'vitest';
import { apis } from '../../../src/messages.ts';
import {
  createProtocolTransport,
  type ProtocolTransportOptions,
} from '../../../src/transport/create-protocol-transport.ts';
import { FakeBroker } from './fake-broker.ts';
import { FakeClock } from './fake-clock.ts';

export const NODE: BrokerAddress = { nodeId: 7, host: 'node-7', port: 9097 };
export const SECOND: { readonly timeoutMs: number } = { timeoutMs: 1_000 };

export interface Setup {
  readonly broker: FakeBroker;
  readonly clock: FakeClock;
  readonly transport: GroupTransport;
}

export function setUp(options: Partial<ProtocolTransportOptions> = {}): Setup {
  const broker = new FakeBroker();
  const clock = new FakeClock();
  broker.on(apis.metadata, () => ({
    brokers: [NODE_ANSWER],
    clusterId: 'cluster-1',
    controllerId: 7,
    topics: [],
  }));
  broker.on(apis.heartbeat, () => ({ throttleTimeMs: 0, errorCode: 0 }));
  const factory = createProtocolTransport({ name: 'fake', wire: () => broker.wire(), ...options });
  return { broker, clock, transport: factory.create(contextWith(clock)) };
}

const NODE_ANSWER = { nodeId: 7, host: 'node-7', port: 9097, rack: 'r1' };

function contextWith(clock: FakeClock): TransportContext {
  return { clientId: 'client', groupId: 'g', clock, signal: new AbortController().signal };
}

export const HEARTBEAT = { groupId: 'g', generationId: 3, memberId: 'm' };
export const JOIN = {
  groupId: 'g',
  sessionTimeoutMs: 45_000,
  rebalanceTimeoutMs: 60_000,
  memberId: '',
  protocolType: 'consumer',
  protocols: [{ name: 'range', metadata: new Uint8Array([1, 2, 3]) }],
};

/** A promise that never settles: an answer that the broker owes for ever. */
export const NEVER: Promise<never> = new Promise(() => undefined);

/** What the call rejects with, which must be a TransportError. */
export async function failureOf(call: Promise<unknown>): Promise<TransportError> {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(outcome).toMatchObject({ code: 'KOHORT_TRANSPORT' });
  return outcome as TransportError;
}
