/** Spans around handlers, linked to the spans of those who produced the records. */
import type { ConsumerHeaders, ConsumerRecord, RecordBatchView, RunOptions } from '@kohort/core';
import {
  type Attributes,
  context,
  isSpanContextValid,
  type Link,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TextMapGetter,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { type SinkErrorHandler, warnOnce } from '../guarded-hook.ts';
import { isThenable, wrapHandlers } from '../handlers.ts';
import { groupAttributes } from './attributes.ts';

export interface TracedOptions {
  /** Becomes `messaging.consumer.group.name`. */
  readonly groupId?: string;
  /** Default: the global one, also when it is registered later. */
  readonly tracer?: Tracer;
  /** Told what the tracer throws; handlers run all the same. Default: a process warning for the first failure. */
  readonly onError?: SinkErrorHandler;
}

/** As many as an SDK keeps of one span. */
const MAX_LINKS = 128;

/**
 * The same options with a span around each call of the handler. The span is active while the handler runs, so that what
 * it does becomes its children; what wrote the records is linked by the context in their headers, read by the global
 * propagator (W3C `traceparent` and `tracestate` with the usual SDK). A handler that throws or rejects fails its span.
 *
 * @example
 * ```ts
 * import type { ConsumerGroup, ConsumerRecord } from '@kohort/core';
 * import { traced } from '@kohort/metrics/opentelemetry';
 *
 * declare const group: ConsumerGroup;
 * declare function handle(record: ConsumerRecord): Promise<void>;
 * await group.run(traced({ eachRecord: handle }, { groupId: 'billing' }));
 * ```
 * @throws KohortError `KOHORT_CONFIG` when given something else than the options of `run`
 */
export function traced(run: RunOptions, options: TracedOptions = {}): RunOptions {
  const spans = new HandlerSpans(options);
  return wrapHandlers('traced', run, (work, handler) =>
    work.kind === 'record'
      ? spans.around([work.record], recordAttributes(work.record), work.context.attempt, handler)
      : spans.around(work.batch.records, batchAttributes(work.batch), work.context.attempt, handler),
  );
}

class HandlerSpans {
  readonly #tracer: Tracer;
  readonly #group: Attributes;
  readonly #onError: SinkErrorHandler;

  constructor({ groupId, tracer, onError }: TracedOptions) {
    this.#tracer = tracer ?? trace.getTracer('@kohort/metrics');
    this.#group = groupAttributes(groupId);
    this.#onError = onError ?? warnOnce('traced');
  }

  around(
    records: readonly ConsumerRecord[],
    attributes: Attributes,
    attempt: number,
    handler: () => unknown,
  ): unknown {
    const span = this.#guarded(() => this.#start(records, attributes, attempt));
    if (!span) return handler();
    let result: unknown;
    try {
      result = context.with(trace.setSpan(context.active(), span), handler);
    } catch (error) {
      this.#end(span, { error });
      throw error;
    }
    if (!isThenable(result)) {
      this.#end(span);
      return result;
    }
    return result.then(
      (value) => {
        this.#end(span);
        return value;
      },
      (error) => {
        this.#end(span, { error });
        throw error;
      },
    );
  }

  #start(records: readonly ConsumerRecord[], attributes: Attributes, attempt: number): Span {
    return this.#tracer.startSpan(`process ${attributes['messaging.destination.name']}`, {
      kind: SpanKind.CONSUMER,
      attributes: {
        ...this.#group,
        'messaging.operation.name': 'process',
        'messaging.operation.type': 'process',
        ...attributes,
        ...(attempt > 1 ? { 'kohort.attempt': attempt } : {}),
      },
      links: records.slice(0, MAX_LINKS).flatMap(linkOf),
    });
  }

  #end(span: Span, failure?: { readonly error: unknown }): void {
    this.#guarded(() => {
      if (failure) fail(span, failure.error);
      span.end();
    });
  }

  /** A tracer must not throw. One that does must not keep records from being handled. */
  #guarded<Result>(work: () => Result): Result | undefined {
    try {
      return work();
    } catch (error) {
      this.#onError(error);
      return undefined;
    }
  }
}

function fail(span: Span, error: unknown): void {
  const known = error instanceof Error ? error : new Error(String(error));
  span.recordException(known);
  span.setStatus({ code: SpanStatusCode.ERROR, message: known.message });
  span.setAttribute('error.type', known.name);
}

function recordAttributes(record: ConsumerRecord): Attributes {
  return {
    'messaging.destination.name': record.topic,
    'messaging.destination.partition.id': String(record.partition),
    'messaging.kafka.offset': Number(record.offset),
    ...(record.value === null ? { 'messaging.kafka.message.tombstone': true } : {}),
  };
}

function batchAttributes(batch: RecordBatchView): Attributes {
  return {
    'messaging.destination.name': batch.topic,
    'messaging.destination.partition.id': String(batch.partition),
    'messaging.batch.message_count': batch.records.length,
  };
}

const HEADERS: TextMapGetter<ConsumerHeaders> = {
  get: (headers, name) => headers.get(name)?.toString(),
  keys: (headers) => [...new Set(Array.from(headers, ([name]) => name))],
};

/** Records without a context, or with an unreadable one, have no link. */
function linkOf({ headers }: ConsumerRecord): Link[] {
  const spanContext = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, headers, HEADERS));
  return spanContext && isSpanContextValid(spanContext) ? [{ context: spanContext }] : [];
}
