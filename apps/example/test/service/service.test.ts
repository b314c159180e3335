/** The service as a process, over TCP: it works, says how it is, and ends at SIGTERM with everything committed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type EmbeddedBroker, embeddedBroker } from '@kohort/broker-embedded';
import { describe, expect, it, type TestContext } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const ENTRY = fileURLToPath(new URL('../../src/service/main.ts', import.meta.url));

interface Service {
  readonly child: ChildProcess;
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
  readonly written: { out: string; err: string };
  /** Resolves with the first log line that has this message. */
  logged(message: string): Promise<Record<string, unknown>>;
}

function start({ onTestFinished }: TestContext, env: Record<string, string>): Service {
  const node = ['--conditions=@kohort/source', '--import', 'tsx', ENTRY];
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, node, { cwd: ROOT, env: { PATH, HOME, ...env } });
  onTestFinished(() => void child.kill('SIGKILL'));
  const written = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.err += text;
  });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const logged = async (message: string) => {
    for (;;) {
      const lines = written.out.split('\n').slice(0, -1);
      const found = lines.map(parsed).find(({ msg }) => msg === message);
      if (found !== undefined) return found;
      await once(child.stdout, 'data');
    }
  };
  return { child, ended, written, logged };
}

function parsed(line: string): Record<string, unknown> {
  return JSON.parse(line);
}

const ORDERS = { orders: { partitions: 4 }, 'orders.dead-letter': { partitions: 1 } };

async function brokerWithOrders({ onTestFinished }: TestContext): Promise<[EmbeddedBroker, string]> {
  const broker = embeddedBroker({ topics: ORDERS });
  onTestFinished(() => broker.close());
  const records = Array.from({ length: 40 }, (_, index) => ({
    partition: index % 4,
    value: index === 6 ? 'no order' : JSON.stringify({ cents: 100 + index }),
    headers: { trace: `t-${index}` },
  }));
  await broker.produce('orders', records);
  return [broker, await broker.listen()];
}

describe('the service', { timeout: 60_000 }, () => {
  it('bills, keeps what is no order, answers probes, and ends at SIGTERM with everything committed', async (context) => {
    const [broker, address] = await brokerWithOrders(context);
    const env = { KAFKA_BROKERS: address, HTTP_HOST: '127.0.0.1', HTTP_PORT: '0' };
    const { child, ended, written, logged } = start(context, env);
    const { port } = await logged('listening for probes');
    const probe = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`);
      return [response.status, await response.text()] as const;
    };
    expect((await probe('/livez'))[0]).toBe(200);
    await logged('ready');
    const [ready, report] = await probe('/readyz');
    expect(ready).toBe(200);
    expect(JSON.parse(report)).toMatchObject({ ok: true, status: 'ok', state: 'stable' });
    await logged('sent to the dead letters');
    await expect
      .poll(async () => (await probe('/metrics'))[1], { timeout: 20_000 })
      .toMatch(/^billing_orders_total 39$/m);
    const [, metrics] = await probe('/metrics');
    expect(metrics).toMatch(/^kohort_assigned_partitions\{group="billing"\} 4$/m);
    expect(metrics).toMatch(/^process_cpu_seconds_total /m);
    expect((await probe('/nope'))[0]).toBe(404);

    child.kill('SIGTERM');
    expect(await ended, written.err).toBe(0);
    expect(await logged('closed')).toMatchObject({ service: 'billing' });
    expect(written.err).toBe('');
    const ends = new Map(broker.endOffsets('orders').map((end, partition) => [`orders-${partition}`, end]));
    expect(broker.committed('billing')).toEqual(ends);
    expect(broker.group('billing')?.members).toEqual([]);
    expect(broker.endOffsets('orders.dead-letter')).toEqual([1n]);
    expect(written.out).not.toContain('no order"'); // no value of a record in the logs
  });

  it('is alive and not ready where no broker answers, and ends at SIGTERM nevertheless', async (context) => {
    const env = { KAFKA_BROKERS: '127.0.0.1:1', HTTP_HOST: '127.0.0.1', HTTP_PORT: '0' };
    const { child, ended, logged } = start(context, env);
    const { port } = await logged('listening for probes');
    const status = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
    expect(await status('/livez')).toBe(200);
    expect(await status('/readyz')).toBe(503);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });

  it('refuses a wrong environment with one line for each thing', async (context) => {
    const { ended, written } = start(context, { KAFKA_SSL: 'maybe' });
    expect(await ended).toBe(2);
    expect(written).toEqual({
      out: '',
      err: "KAFKA_BROKERS must be host:port, or several with commas, not ''\nKAFKA_SSL must be one of true, false, not 'maybe'\n",
    });
  });

  it('says that its port is in use, and joins nothing', async (context) => {
    const [broker, address] = await brokerWithOrders(context);
    const [, port = ''] = address.split(':');
    const env = { KAFKA_BROKERS: address, HTTP_HOST: '127.0.0.1', HTTP_PORT: port };
    const { ended, logged } = start(context, env);
    expect(await ended).toBe(1);
    expect(await logged('ended')).toMatchObject({ err: { code: 'EADDRINUSE' } });
    expect(broker.group('billing')).toBeUndefined();
  });
});
