/** A tracing channel around handlers, as tools for application performance attach to it. */
import { tracingChannel } from 'node:diagnostics_channel';
import type { ConsumerRecord, RecordBatchView, RunOptions } from '@kohort/core';
import { isThenable, type Work, wrapHandlers } from '../handlers.ts';

/** What `tracing:kohort:process:*` carry: one object from start to end. */
export interface ProcessMessage {
  readonly groupId: string | undefined;
  readonly topic: string;
  readonly partition: number;
  /** From 1. */
  readonly attempt: number;
  /** What the handler is given, so that a tool can read the producer's context from the headers. Exactly one of the two. */
  readonly record?: ConsumerRecord;
  readonly batch?: RecordBatchView;
  result?: unknown;
  error?: unknown;
}

export interface TracedByChannelOptions {
  readonly groupId?: string;
}

/**
 * The same options with the tracing channel `kohort:process` around each call of the handler: `start` and `end` around
 * the call, `asyncStart` and `asyncEnd` when what it returned has settled, `error` where it throws or rejects. Stores that
 * are bound to `start` are there while the handler runs. Costs next to nothing while nobody subscribes.
 *
 * @throws KohortError `KOHORT_CONFIG` when given something else than the options of `run`
 */
export function tracedByChannel(run: RunOptions, { groupId }: TracedByChannelOptions = {}): RunOptions {
  const channels = tracingChannel<unknown, ProcessMessage>('kohort:process');
  const { start, end, asyncStart, asyncEnd, error: failed } = channels;
  const all = [start, end, asyncStart, asyncEnd, failed];

  const trace = (work: Work, handler: () => unknown): unknown => {
    if (!all.some(({ hasSubscribers }) => hasSubscribers)) return handler();
    const message = messageOf(work, groupId);
    const fail = (error: unknown): never => {
      message.error = error;
      failed.publish(message);
      throw error;
    };
    const settled = () => {
      asyncStart.publish(message);
      asyncEnd.publish(message);
    };
    return start.runStores(message, () => {
      try {
        const result = handler();
        if (!isThenable(result)) {
          message.result = result;
          return result;
        }
        return followed(result, message, fail, settled);
      } catch (error) {
        return fail(error);
      } finally {
        end.publish(message);
      }
    });
  };
  return wrapHandlers('tracedByChannel', run, trace);
}

async function followed(
  pending: PromiseLike<unknown>,
  message: ProcessMessage,
  fail: (error: unknown) => never,
  settled: () => void,
): Promise<unknown> {
  try {
    message.result = await pending;
    return message.result;
  } catch (error) {
    return fail(error);
  } finally {
    settled();
  }
}

function messageOf(work: Work, groupId: string | undefined): ProcessMessage {
  const { attempt } = work.context;
  if (work.kind === 'record') {
    const { record } = work;
    return { groupId, topic: record.topic, partition: record.partition, attempt, record };
  }
  const { batch } = work;
  return { groupId, topic: batch.topic, partition: batch.partition, attempt, batch };
}
