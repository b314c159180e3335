import { describe, expect, it } from 'vitest';
import { recordTrace, traceOwnership, virtualClock } from '../src/index.ts';

function sample() {
  const trace = recordTrace();
  trace.record('m1', 'assigned', { topic: 'orders', partition: 0 });
  trace.record('m1', 'record.start', { topic: 'orders', partition: 0, offset: 7n });
  trace.record('m2', 'join', { reason: 'a new member' });
  trace.record('m1', 'record.end', { topic: 'orders', partition: 0, offset: '7' });
  trace.record('m1', 'revoked', { topic: 'orders', partition: 0 });
  return trace;
}

describe('a trace', () => {
  it('takes its times from the clock', async () => {
    const clock = virtualClock();
    const trace = recordTrace({ clock });
    trace.record('m1', 'join');
    await clock.advance(250);
    trace.record('m1', 'sync');
    expect(trace.events.map(({ at, index }) => [at, index])).toEqual([
      [0, 0],
      [250, 1],
    ]);
  });

  it('keeps what was recorded, whatever the caller does to its object later', () => {
    const trace = recordTrace();
    const fields = { attempt: 1 };
    trace.record('m1', 'join', fields);
    fields.attempt = 2;
    expect(trace.first({ type: 'join' })?.fields).toEqual({ attempt: 1 });
  });

  it('counts and finds by actor, type, fields and functions', () => {
    const trace = sample();
    expect(trace.count({ actor: 'm1' })).toBe(4);
    expect(trace.count({ type: 'record.start', offset: 7 })).toBe(1);
    expect(trace.count({ offset: 8 })).toBe(0);
    expect(trace.count(({ type }) => type.startsWith('record.'))).toBe(2);
    expect(trace.first({ topic: 'orders' })?.type).toBe('assigned');
    expect(trace.last({ topic: 'orders' })?.type).toBe('revoked');
    expect(trace.first({ type: 'lost' })).toBeUndefined();
    expect(trace.filter({ actor: 'm2' }).events).toHaveLength(1);
  });

  it('gives sequences and intervals', () => {
    const trace = sample();
    expect(trace.sequence({ actor: 'm1' })).toEqual(['assigned', 'record.start', 'record.end', 'revoked']);
    expect(trace.between({ type: 'assigned' }, { type: 'record.end' }).sequence()).toEqual([
      'record.start',
      'join',
    ]);
    expect(trace.between({ type: 'join' }, { type: 'lost' }).sequence()).toEqual(['record.end', 'revoked']);
    expect(() => trace.between({ type: 'lost' }, {})).toThrow('No event matches the beginning');
  });

  it('prints aligned columns', () => {
    const trace = recordTrace();
    trace.record('m1', 'assigned', { topic: 'orders', partition: 0 });
    trace.record('broker 1', 'note', { text: 'two words', list: [1n, null], none: null });
    expect(trace.toString()).toBe(
      [
        '0  m1        assigned  topic=orders partition=0',
        '1  broker 1  note      text="two words" list=["1",null] none=null',
      ].join('\n'),
    );
  });

  it('takes ownership from callbacks', () => {
    const trace = recordTrace();
    const callbacks = traceOwnership(trace, 'm1');
    const partitions = [0, 1].map((partition) => ({ topic: 't', partition }));
    callbacks.onAssigned({ partitions });
    callbacks.onRevoked({ partitions: partitions.slice(0, 1) });
    callbacks.onLost({ partitions: partitions.slice(1) });
    expect(trace.events.map(({ type, fields }) => `${type} ${fields.partition}`)).toEqual([
      'assigned 0',
      'assigned 1',
      'revoked 0',
      'lost 1',
    ]);
  });
});
