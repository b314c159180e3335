// The parts of the launcher that need no broker.

import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { foreignBrokers } from '../../kafka/availability.ts';
import { brokerProperties } from '../../kafka/broker-config.ts';
import { startKafka } from '../../kafka/cluster.ts';
import { freePorts } from '../../kafka/free-port.ts';
import { capVersions } from '../../kafka/golden/cap-versions.ts';
import { memberEvent } from '../../kafka/member-events.ts';
import { onceDirectory } from '../../kafka/once-directory.ts';
import { probeApiVersions, probeMetadata } from '../../kafka/wire-probe.ts';

afterEach(() => vi.unstubAllEnvs());

describe('once directory', () => {
  let root: string;
  afterEach(() => rm(root, { recursive: true, force: true }));

  test('many callers fill it once and see it only when it is complete', async () => {
    root = await mkdtemp(join(tmpdir(), 'once-'));
    const target = join(root, 'jars');
    let filled = 0;
    const fill = async (into: string) => {
      filled += 1;
      await writeFile(join(into, 'a'), 'a');
    };
    const all = await Promise.all([1, 2, 3].map(() => onceDirectory(target, fill, { timeoutMs: 5_000 })));
    expect(all).toEqual([target, target, target]);
    await onceDirectory(target, fill, { timeoutMs: 5_000 });
    expect(filled).toBe(1);
    expect(await readdir(root)).toEqual(['jars']);
  });

  test('a failed filling leaves nothing, and the next caller tries again', async () => {
    root = await mkdtemp(join(tmpdir(), 'once-'));
    const target = join(root, 'jars');
    const broken = () => Promise.reject(new Error('no network'));
    await expect(onceDirectory(target, broken, { timeoutMs: 5_000 })).rejects.toThrow('no network');
    expect(await readdir(root)).toEqual([]);
    await onceDirectory(target, async () => {}, { timeoutMs: 5_000 });
    expect(await readdir(root)).toEqual(['jars']);
  });

  test('takes over the lock of a process that is gone, and respects that of one that lives', async () => {
    root = await mkdtemp(join(tmpdir(), 'once-'));
    // No process has an id beyond the largest that operating systems give.
    await writeFile(join(root, 'gone.lock'), '999999999');
    await onceDirectory(join(root, 'gone'), async () => {}, { timeoutMs: 5_000 });
    await writeFile(join(root, 'held.lock'), String(process.pid));
    const held = onceDirectory(join(root, 'held'), async () => {}, { timeoutMs: 300 });
    await expect(held).rejects.toThrow('waited 300 ms for another process');
  });
});

describe('KOHORT_BROKERS', () => {
  test('is a list of host:port, or refused', () => {
    expect(foreignBrokers({})).toBeUndefined();
    expect(foreignBrokers({ KOHORT_BROKERS: ' ' })).toBeUndefined();
    expect(foreignBrokers({ KOHORT_BROKERS: 'a:1, b.example:9092' })).toEqual(['a:1', 'b.example:9092']);
    expect(() => foreignBrokers({ KOHORT_BROKERS: 'a:1,b' })).toThrow("'b' is not host:port");
  });

  test('stands in for the cluster and lets nobody handle its brokers', async () => {
    vi.stubEnv('KOHORT_BROKERS', 'kafka.example:9092');
    const cluster = await startKafka();
    expect(cluster).toMatchObject({ kind: 'foreign', bootstrap: ['kafka.example:9092'] });
    await expect(cluster.brokers[0]?.restart()).rejects.toThrow('cannot be stopped or restarted');
    expect(() => cluster.brokers[0]?.pause()).toThrow('cannot be stopped or restarted');
    await cluster.stop();
    await expect(startKafka({ security: 'ssl' })).rejects.toThrow("a 'ssl' cluster cannot be had");
  });
});

describe('broker settings', () => {
  const ports = [1, 2, 3].map((n) => ({ client: n * 10, internal: n * 10 + 1, controller: n * 10 + 2 }));

  test('name every controller, and what the caller sets wins', () => {
    const overrides = { 'auto.create.topics.enable': 'true', note: 'a\\b' };
    const text = brokerProperties({ index: 1, ports, security: 'plaintext', directory: '/d', overrides });
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        'node.id=2',
        'controller.quorum.voters=1@127.0.0.1:12,2@127.0.0.1:22,3@127.0.0.1:32',
        'advertised.listeners=CLIENT://127.0.0.1:20,INTERNAL://127.0.0.1:21',
        'offsets.topic.replication.factor=3',
        'auto.create.topics.enable=true',
        'note=a\\\\b',
      ]),
    );
    expect(text).not.toContain('auto.create.topics.enable=false');
  });
});

test('free ports are different, and below what outgoing connections use', async () => {
  const ports = await freePorts(20);
  expect(new Set(ports).size).toBe(20);
  expect(ports.every((port) => port >= 20_000 && port < 30_000)).toBe(true);
});

test('capped versions: the newest is lowered, but never below the oldest', () => {
  const entry = (key: number, oldest: number, newest: number) => [0, key, 0, oldest, 0, newest];
  const plain = Buffer.from([0, 0, 0, 7, 0, 0, 0, 0, 0, 2, ...entry(11, 0, 9), ...entry(1, 4, 18)]);
  expect([...capVersions(plain, 2, 2)].slice(10)).toEqual([...entry(11, 0, 2), ...entry(1, 4, 4)]);
  const flexible = Buffer.from([0, 0, 0, 7, 0, 0, 3, ...entry(11, 0, 9), 0, ...entry(1, 4, 18), 0]);
  expect([...capVersions(flexible, 3, 20)]).toEqual([...flexible]);
  expect([...capVersions(flexible, 3, 5)].slice(7)).toEqual([...entry(11, 0, 5), 0, ...entry(1, 4, 5), 0]);
});

test('lines that are no events of a member are refused', () => {
  expect(memberEvent({ event: 'done', command: 'pause' })).toEqual({ event: 'done', command: 'pause' });
  for (const wrong of [
    null,
    'x',
    {},
    { event: 'constructor' },
    { event: 'done' },
    { event: 'records', topic: 't' },
  ]) {
    expect(() => memberEvent(wrong)).toThrow('not an event');
  }
});

describe('wire probe', () => {
  async function against(
    answer: (socket: Socket) => void,
    use: (port: number) => Promise<void>,
  ): Promise<void> {
    const server = createServer((socket) => socket.once('data', () => answer(socket)));
    const [port = 0] = await freePorts(1);
    await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port }, resolve));
    try {
      await use(port);
    } finally {
      server.close();
    }
  }

  test('an error code, silence and a closed connection are failures, not readiness', async () => {
    const error = Buffer.from([0, 0, 0, 10, 0, 0, 0, 1, 0, 35, 0, 0, 0, 0]);
    await against(
      (socket) => socket.write(error),
      (port) => expect(probeApiVersions({ host: '127.0.0.1', port }, 1_000)).rejects.toThrow('error 35'),
    );
    await against(
      () => {},
      (port) =>
        expect(probeApiVersions({ host: '127.0.0.1', port }, 100)).rejects.toThrow('no answer in 100 ms'),
    );
    await against(
      (socket) => socket.end(),
      (port) =>
        expect(probeMetadata({ host: '127.0.0.1', port }, 1_000)).rejects.toThrow('without an answer'),
    );
  });
});
