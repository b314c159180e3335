import { Writable } from 'node:stream';
import pino from 'pino';
import { describe, expect, it, vi } from 'vitest';
import { DEFAULT_LEVELS, type Logger, type LogOptions, logHook } from '../src/log.ts';
import { eventsOf, ok, partitions, rebalanceEnd } from './events.ts';

interface Line {
  readonly level: string;
  readonly fields: Record<string, unknown>;
  readonly message: string;
}

function capture(options: Omit<LogOptions, 'logger'> = {}) {
  const lines: Line[] = [];
  const at = (level: string) => (fields: object, message: string) =>
    lines.push({ level, fields: { ...fields }, message });
  const logger: Logger = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  return { lines, hook: logHook({ logger, ...options }) };
}

const event = eventsOf({ groupInstanceId: 'static-1' });

describe('logHook', () => {
  it('writes the event’s fields and a sentence', () => {
    const { lines, hook } = capture();
    hook.onEvent(event('rebalance.end', rebalanceEnd));
    expect(lines).toEqual([
      {
        level: 'info',
        message: 'orders: rebalance done after 1500 ms, generation 7: 2 kept, 1 added, 4 revoked',
        fields: {
          event: 'rebalance.end',
          groupId: 'orders',
          clientId: 'client',
          memberId: 'member-1',
          groupInstanceId: 'static-1',
          generationId: 7,
          ...rebalanceEnd,
        },
      },
    ]);
  });

  it.each([
    [
      event('member.state', { from: 'joining', to: 'syncing', reason: 'joined' }),
      'debug',
      'joining → syncing (joined)',
    ],
    [
      event('partitions.assigned', { partitions: partitions('a', 2), callbackMs: 1 }),
      'info',
      'assigned a-0, a-1',
    ],
    [event('partitions.assigned', { partitions: [], callbackMs: 1 }), 'info', 'assigned nothing'],
    [
      event('partitions.revoked', { partitions: partitions('a', 12), callbackMs: 1 }),
      'info',
      'a-9 and 2 more',
    ],
    [
      event('partitions.lost', { partitions: partitions('a', 1), reason: 'lease', callbackMs: 1 }),
      'warn',
      'lost a-0, lease',
    ],
    [
      event('member.terminated', { terminalClass: 'fenced', code: 'KOHORT_FENCED', message: 'taken over' }),
      'error',
      'taken over',
    ],
    [event('coordinator.lost', { reason: 'closed' }), 'warn', 'coordinator.lost'],
    [
      event('handler.error', {
        topic: 'a',
        partition: 0,
        offset: '5',
        attempt: 2,
        action: 'stop',
        delayMs: 0,
        message: 'no',
      }),
      'error',
      'handler failed at a-0 offset 5, attempt 2, stop: no',
    ],
    [
      event('offsets.reset', {
        topic: 'a',
        partition: 0,
        from: '-1',
        to: '0',
        policy: 'earliest',
        reason: 'no-committed-offset',
      }),
      'info',
      'a-0 begins at 0 by policy earliest',
    ],
    [
      event('offsets.reset', {
        topic: 'a',
        partition: 0,
        from: '9',
        to: '0',
        policy: 'earliest',
        reason: 'out-of-range',
      }),
      'warn',
      'out-of-range',
    ],
  ])('%#: level and words', (given, level, words) => {
    const { lines, hook } = capture();
    hook.onEvent(given);
    expect(lines.map((line) => line.level)).toEqual([level]);
    expect(lines[0]?.message).toContain(words);
  });

  it('is louder about failures', () => {
    const { lines, hook } = capture({ levels: { 'heartbeat.end': 'debug' } });
    const commit = { kind: 'interval', partitions: 1, lowestOffset: '1', durationMs: 1 } as const;
    hook.onEvent(event('commit.end', { ...commit, ...ok }));
    hook.onEvent(event('commit.end', { ...commit, outcome: 'error', error: 'NOT_COORDINATOR' }));
    hook.onEvent(
      event('heartbeat.end', { outcome: 'error', error: 'timeout', durationMs: 1, sessionTimeoutMs: 30_000 }),
    );
    expect(lines.map(({ level }) => level)).toEqual(['debug', 'warn', 'warn']);
  });

  it('asks for what it logs, and for nothing else', () => {
    const { hook, lines } = capture({ levels: { 'member.state': 'off', 'lag.sample': 'info' } });
    expect(hook.events).toContain('lag.sample');
    for (const name of ['member.state', 'heartbeat.end', 'records.settled', 'transport'] as const) {
      expect(hook.events).not.toContain(name);
    }
    hook.onEvent(event('member.state', { from: 'a', to: 'b', reason: '' }));
    expect(lines).toEqual([]);
    expect(capture().hook.events).toHaveLength(
      Object.values(DEFAULT_LEVELS).filter((level) => level !== 'off').length,
    );
  });

  it('works with pino', () => {
    const lines: string[] = [];
    const stream = new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk));
        done();
      },
    });
    const hook = logHook({ logger: pino({ level: 'debug' }, stream) });
    hook.onEvent(event('close.end', { durationMs: 12, drained: false, abandoned: 3, left: true }));
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        level: 30,
        event: 'close.end',
        groupId: 'orders',
        msg: 'orders: closed in 12 ms, partitions abandoned: 3',
      }),
    ]);
  });

  it('refuses a logger without methods', () => {
    const logger = { info() {}, warn() {} };
    expect(() => Reflect.apply(logHook, undefined, [{ logger }])).toThrow(
      'logger has no method debug, error',
    );
  });

  it('never throws: a failing logger is told once, by a warning', () => {
    const failing = () => {
      throw new Error('disk full');
    };
    const hook = logHook({ logger: { debug: failing, info: failing, warn: failing, error: failing } });
    const emitWarning = vi.spyOn(process, 'emitWarning').mockReturnValue();
    hook.onEvent(event('close.start', { reason: 'signal' }));
    hook.onEvent(event('close.start', { reason: 'signal' }));
    expect(emitWarning.mock.calls).toEqual([
      [expect.stringMatching(/"log" failed.*disk full/), 'KohortWarning'],
    ]);
    emitWarning.mockRestore();
  });
});
