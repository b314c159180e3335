import { apis } from '@kohort/protocol';
import { ScriptedServer, SILENCE } from '@kohort/testkit';
import { Kafka, logLevel } from 'kafkajs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { kafkajsTransport } from '../src/index.ts';
import {
  contextWith,
  FIVE_SECONDS,
  failureOf,
  HEARTBEAT,
  nodeOf,
  transportTo,
  until,
} from './support/setup.ts';

let server: ScriptedServer;
beforeEach(async () => {
  server = await ScriptedServer.start();
});
afterEach(() => server.stop());

describe('exchange', () => {
  it('connects, and opens one socket for each lane', async () => {
    const transport = transportTo(server);
    const info = await transport.connect(FIVE_SECONDS);
    expect(info).toMatchObject({ clusterId: 'scripted', brokers: [] });
    expect(info.features).toMatchObject({ staticMembership: true, topicIds: true });
    expect(server.connections).toBe(1);
    expect(await transport.heartbeat(nodeOf(server), HEARTBEAT, FIVE_SECONDS)).toEqual({
      throttleTimeMs: 0,
      errorCode: 0,
    });
    expect(server.connections).toBe(2);
    expect(server.seen.map(({ apiKey }) => apiKey)).toEqual([18, 3, 18, 12]);
    await transport.close();
  });
});

describe('client id', () => {
  it.each([
    ['its own default, when neither says anything', 'kohort', undefined, 'kohort'],
    ["kafkajs' when only that is chosen", 'kohort', 'app', 'app'],
    ["Kohort's when it is chosen", 'mine', 'app', 'mine'],
  ])('%s', async (_name, clientId, configured, sent) => {
    const config = configured === undefined ? {} : { clientId: configured };
    const transport = transportTo(server, { config, context: { clientId } });
    await transport.connect(FIVE_SECONDS);
    expect(server.seen.map((one) => one.clientId)).toEqual([sent, sent]);
    await transport.close();
  });
});

describe('a Kafka instance', () => {
  it('works as its config object does, and stays usable and unconnected', async () => {
    const kafka = new Kafka({ brokers: [server.address], clientId: 'app', logLevel: logLevel.NOTHING });
    const factory = kafkajsTransport(kafka);
    expect(server.connections).toBe(0);
    const one = factory.create(contextWith());
    const other = factory.create(contextWith({ groupId: 'h' }));
    await Promise.all([one.connect(FIVE_SECONDS), other.connect(FIVE_SECONDS)]);
    expect(server.connections).toBe(2);
    await one.close();
    expect(await other.metadata([], FIVE_SECONDS)).toMatchObject({ clusterId: 'scripted' });
    await other.close();
  });
});

describe('noise', () => {
  it('makes no warning and prints nothing, when all is well and when nothing is', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on('warning', onWarning);
    const printed = (['log', 'info', 'warn', 'error', 'debug'] as const).map((method) =>
      vi.spyOn(console, method),
    );
    const transport = transportTo(server);
    for (let i = 0; i < 200; i += 1) await transport.heartbeat(nodeOf(server), HEARTBEAT, FIVE_SECONDS);
    server.on(apis.heartbeat, () => SILENCE);
    const parked = failureOf(transport.heartbeat(nodeOf(server), HEARTBEAT, FIVE_SECONDS));
    await until(() => server.seen.filter(({ apiKey }) => apiKey === apis.heartbeat.key).length === 201);
    server.hangUp();
    await parked;
    await server.stop();
    await failureOf(transport.connect(FIVE_SECONDS));
    await transport.close();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
    for (const spy of printed) {
      expect(spy).not.toHaveBeenCalled();
      spy.mockRestore();
    }
  });

  it('arms no timer with a negative delay, which newer Node versions warn of', async () => {
    const armed = vi.spyOn(globalThis, 'setTimeout');
    const transport = transportTo(server);
    for (let i = 0; i < 3; i += 1) await transport.heartbeat(nodeOf(server), HEARTBEAT, FIVE_SECONDS);
    await transport.close();
    expect(armed.mock.calls.length).toBeGreaterThan(0);
    expect(armed.mock.calls.filter(([, delay]) => delay === undefined || delay < 0)).toEqual([]);
    armed.mockRestore();
  });

  it('of a Kafka instance with the default log is not made either', async () => {
    const error = vi.spyOn(console, 'error');
    const kafka = new Kafka({ brokers: [server.address] });
    await server.stop();
    const transport = kafkajsTransport(kafka).create(contextWith());
    expect(await failureOf(transport.connect(FIVE_SECONDS))).toMatchObject({ kind: 'connect' });
    await transport.close();
    expect(error).not.toHaveBeenCalled();
    error.mockRestore();
  });
});
