/** A run with a page, without a browser: what is asked over HTTP happens, and the audit is told all the time. */
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { embeddedBroker } from '@kohort/broker-embedded';
import { describe, expect } from 'vitest';
import type { Message } from '../../src/ui/message.ts';
import { runUi } from '../../src/ui/run-ui.ts';
import { ownHeaders, send } from './client.ts';
import { startUi } from './screen.ts';

/** Reads messages until one is as wanted; bounded by the time of the test. */
async function until(address: string, isWanted: (message: Message) => boolean): Promise<Message> {
  const [response]: IncomingMessage[] = await once(get(new URL('/messages', address)), 'response');
  let text = '';
  for await (const chunk of response?.setEncoding('utf8') ?? []) {
    text += chunk;
    const frames = text.split('\n\n');
    text = frames.pop() ?? '';
    for (const frame of frames) {
      const message: Message = JSON.parse(frame.slice('data: '.length));
      if (isWanted(message)) return message;
    }
  }
  throw new Error('The stream has ended.');
}

async function ask(address: string, action: object): Promise<[number, string]> {
  const body = JSON.stringify(action);
  const answer = await send(address, {
    method: 'POST',
    path: '/actions',
    headers: ownHeaders(address),
    body,
  });
  return [answer.status, answer.body];
}

const member = (message: Message, name: string) => message.members.find((one) => one.name === name);

describe.concurrent('a run with a page', { timeout: 60_000 }, (it) => {
  it('does what is asked, refuses what cannot be, and ends with the audit', async ({ onTestFinished }) => {
    const { address, ended, text, stop } = await startUi();
    onTestFinished(async () => {
      stop();
      await ended;
    });
    await until(
      address,
      ({ members }) => members.length === 3 && members.every(({ state }) => state === 'stable'),
    );
    expect(await ask(address, { action: 'crash', member: 'nobody' })).toEqual([
      409,
      '{"error":"No member \\"nobody\\" is running."}',
    ]);
    expect(await ask(address, { action: 'thaw', member: 'ada' })).toEqual([
      409,
      '{"error":"ada is not frozen."}',
    ]);
    for (let count = 3; count < 8; count += 1)
      expect(await ask(address, { action: 'add' })).toEqual([204, '']);
    expect(await ask(address, { action: 'add' })).toEqual([409, '{"error":"8 members are the most."}']);
    expect(await ask(address, { action: 'crash', member: 'ada' })).toEqual([204, '']);
    expect(await ask(address, { action: 'crash', member: 'ada' })).toEqual([
      409,
      '{"error":"No member \\"ada\\" is running."}',
    ]);
    expect(await ask(address, { action: 'restart-broker' })).toEqual([204, '']);
    expect(await ask(address, { action: 'restart-broker' })).toEqual([
      409,
      '{"error":"The broker is restarting."}',
    ]);
    await until(address, ({ events }) => events.some(({ words }) => /ada expired/.test(words)));
    const audited = await until(address, ({ audit }) =>
      audit.rows.some(({ name, count }) => name === 'processed' && count > 500),
    );
    expect(audited.audit.isGood, audited.audit.words).toBe(true);
    expect(member(audited, 'hugo')?.colour).toBe(7);
    const last = until(address, ({ phase }) => phase === 'ended');
    expect(await ask(address, { action: 'stop-run' })).toEqual([204, '']);
    expect((await last).audit.isGood).toBe(true);
    expect(await ended).toBe(0);
    expect(text()).toMatch(/^Kohort demo: http:\/\/127\.0\.0\.1:\d+\/\nCtrl\+C ends it/);
    expect(text()).toContain('nothing was lost');
  });

  it('on a real cluster refuses what only the embedded broker can do', async ({ onTestFinished }) => {
    const broker = embeddedBroker();
    onTestFinished(() => broker.close());
    const { address, ended, stop } = await startUi([await broker.listen()]);
    const { refusals } = await until(address, ({ processed }) => processed > 10);
    const why = 'Only with the embedded broker: this is a real cluster.';
    expect(refusals).toEqual({
      add: null,
      freeze: why,
      'move-coordinator': why,
      'restart-broker': why,
      'grow-topic': why,
      'stop-run': null,
    });
    expect(await ask(address, { action: 'freeze', member: 'ada' })).toEqual([
      409,
      JSON.stringify({ error: why }),
    ]);
    expect(await ask(address, { action: 'grow-topic' })).toEqual([409, JSON.stringify({ error: why })]);
    stop();
    expect(await ended).toBe(0);
  });

  it('that finds its port in use says so and leaves nothing behind', async () => {
    const { address, ended, stop } = await startUi();
    const { port } = new URL(address);
    const run = { brokers: null, seed: 1, host: '127.0.0.1', port: Number(port) };
    await expect(runUi(run, { write: () => undefined }, new AbortController().signal)).rejects.toThrow(
      `127.0.0.1:${port} is in use already: choose another port with --port`,
    );
    stop();
    expect(await ended).toBe(0);
  });
});
