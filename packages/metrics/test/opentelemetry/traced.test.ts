// Spans around handlers in the real SDK, exported to memory, with contexts from the headers of records.

import { embeddedBroker } from '@kohort/broker-embedded';
import { createConsumerGroup, type RunOptions } from '@kohort/core';
import { virtualClock } from '@kohort/testkit';
import { context, propagation, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TracedOptions, traced } from '../../src/opentelemetry.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const PRODUCED = { traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: 'vendor=1' };

let exporter: InMemorySpanExporter;
let provider: BasicTracerProvider;
let tracer: Tracer;

beforeEach(() => {
  exporter = new InMemorySpanExporter();
  provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  tracer = provider.getTracer('test');
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
});
afterEach(async () => {
  context.disable();
  propagation.disable();
  trace.disable();
  await provider.shutdown();
});

interface Produced {
  readonly value: string | null;
  readonly headers?: Readonly<Record<string, string | null>>;
}

/** Runs a group over these records of partition 0 until it has handled all of them, and returns its spans. */
async function spansOf(
  records: readonly Produced[],
  run: RunOptions,
  options: TracedOptions = {},
): Promise<readonly ReadableSpan[]> {
  const clock = virtualClock();
  const broker = embeddedBroker({ clock, topics: { orders: { partitions: 1 } } });
  await broker.produce('orders', records);
  const group = createConsumerGroup({
    groupId: 'g',
    topics: ['orders'],
    transport: broker.transport(),
    autoOffsetReset: 'earliest',
  });
  void group.run(traced(run, { tracer, ...options }));
  await clock.runUntil(broker.settled('g'));
  await clock.runUntil(group.close());
  await broker.close();
  return exporter.getFinishedSpans();
}

describe('traced', () => {
  it('gives a record a span of its own, linked to the one that produced it', async () => {
    const spans = await spansOf(
      [{ value: 'a', headers: PRODUCED }, { value: null }],
      { eachRecord: async () => undefined },
      { groupId: 'g' },
    );
    expect(spans).toHaveLength(2);
    const [first, second] = spans;
    expect(first).toMatchObject({ name: 'process orders', kind: SpanKind.CONSUMER, ended: true });
    expect(first?.attributes).toEqual({
      'messaging.system': 'kafka',
      'messaging.consumer.group.name': 'g',
      'messaging.operation.name': 'process',
      'messaging.operation.type': 'process',
      'messaging.destination.name': 'orders',
      'messaging.destination.partition.id': '0',
      'messaging.kafka.offset': 0,
    });
    const [link] = first?.links ?? [];
    expect(link?.context).toMatchObject({ traceId: TRACE, spanId: SPAN, isRemote: true });
    expect(link?.context.traceState?.serialize()).toBe('vendor=1');
    expect(first?.spanContext().traceId).not.toBe(TRACE);
    expect(second?.links).toEqual([]);
    expect(second?.attributes['messaging.kafka.message.tombstone']).toBe(true);
  });

  it('is active in the handler, across what it awaits', async () => {
    const spans = await spansOf([{ value: 'a' }], {
      eachRecord: async () => {
        await Promise.resolve();
        tracer.startSpan('charge').end();
      },
    });
    const [child, parent] = spans;
    expect([child?.name, parent?.name]).toEqual(['charge', 'process orders']);
    expect(child?.parentSpanContext?.spanId).toBe(parent?.spanContext().spanId);
  });

  it('gives a batch one span with a link for each producer, 128 at most', async () => {
    const records = Array.from({ length: 200 }, (_, i) => ({
      value: 'x',
      headers: i % 2 === 0 ? PRODUCED : {},
    }));
    const spans = await spansOf(records, { eachBatch: async () => undefined });
    expect(
      spans.reduce((sum, span) => sum + Number(span.attributes['messaging.batch.message_count']), 0),
    ).toBe(200);
    expect(spans.flatMap(({ links }) => links)).toHaveLength(64);
    expect(spans[0]?.attributes).not.toHaveProperty('messaging.kafka.offset');
  });

  it.each([
    [
      'throws',
      () => {
        throw new TypeError('no such customer');
      },
    ],
    [
      'rejects',
      async () => {
        throw new TypeError('no such customer');
      },
    ],
  ])('fails the span of a handler that %s, and the group retries as ever', async (_, failure) => {
    const spans = await spansOf([{ value: 'a' }], {
      eachRecord: (__, { attempt }) => (attempt === 1 ? failure() : undefined),
    });
    expect(spans).toMatchObject([
      {
        status: { code: SpanStatusCode.ERROR, message: 'no such customer' },
        attributes: { 'error.type': 'TypeError' },
        events: [{ name: 'exception' }],
      },
      { status: { code: SpanStatusCode.UNSET }, attributes: { 'kohort.attempt': 2 } },
    ]);
  });

  it('fails the span of a handler that throws undefined', async () => {
    const spans = await spansOf([{ value: 'a' }], {
      eachRecord: (__, { attempt }) => {
        if (attempt === 1) throw undefined;
      },
    });
    expect(spans[0]?.status.code).toBe(SpanStatusCode.ERROR);
  });

  it.each<[string, Readonly<Record<string, string | null>>]>([
    ['garbage', { traceparent: 'garbage' }],
    ['nothing', { traceparent: null }],
    ['zeros', { traceparent: '00-00000000000000000000000000000000-0000000000000000-01' }],
    ['a megabyte', { traceparent: 'x'.repeat(1_000_000), tracestate: 'y'.repeat(1_000_000) }],
    ['__proto__', { __proto__x: 'a', constructor: 'b' }],
  ])('links nothing to a context that is %s', async (_, headers) => {
    const spans = await spansOf([{ value: 'a', headers }], { eachRecord: () => undefined });
    expect(spans).toMatchObject([{ links: [], status: { code: SpanStatusCode.UNSET } }]);
  });

  it('uses the global tracer, also one that comes later', async () => {
    const options = traced({ eachRecord: () => 'done' });
    trace.setGlobalTracerProvider(provider);
    const spans = await spansOf([{ value: 'a' }], options, {});
    expect(spans.map(({ name }) => name)).toEqual(['process orders', 'process orders']);
  });

  it('keeps a handler that returns at once one that returns at once', () => {
    const { eachRecord } = traced({ eachRecord: () => 'done' });
    const record = { topic: 't', partition: 0, offset: 0n, value: null, headers: new Map() };
    expect(eachRecord?.(Object.assign(Object.create(null), record), { attempt: 1 } as never)).toBe('done');
  });

  it('calls the handler whatever the tracer throws, and tells it', async () => {
    const failures: unknown[] = [];
    const broken: Tracer = {
      startSpan: () => {
        throw new Error('no spans today');
      },
      startActiveSpan: () => {
        throw new Error('unused');
      },
    };
    let handled = 0;
    await spansOf(
      [{ value: 'a' }],
      {
        eachRecord: () => {
          handled += 1;
        },
      },
      { tracer: broken, onError: (error) => failures.push(error) },
    );
    expect(handled).toBe(1);
    expect(failures).toEqual([new Error('no spans today')]);
  });

  it('leaves other options as they are', () => {
    const signal = new AbortController().signal;
    const options = traced({ eachRecord: () => undefined, settle: 'manual', signal, until: 'end' });
    expect(options).toMatchObject({ settle: 'manual', signal, until: 'end' });
    expect(options).not.toHaveProperty('eachBatch');
  });

  it('refuses a bare handler, saying what it takes', () => {
    const handler: unknown = () => undefined;
    expect(() => traced(handler as RunOptions)).toThrow(
      'takes the options of run(), such as { eachRecord }; it was given a function',
    );
  });
});
