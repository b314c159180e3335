/** Checks the record batches of a produce request (`LogValidator` in apache/kafka) and readies them for the log. */
import { ProtocolError } from '@kohort/core/spi';
import { type BatchHeader, splitProducePayload } from '@kohort/protocol';
import { ErrorCodes } from '../error-codes.ts';
import type { IncomingBatch } from './stored-batch.ts';

/** The batches, or why they are refused. */
export interface CheckedBatches {
  readonly errorCode: number;
  readonly problem: string | null;
  readonly batches: readonly IncomingBatch[];
}

function refused(errorCode: number, problem: string): CheckedBatches {
  return { errorCode, problem, batches: [] };
}

/** A batch whose header has been read, as the log wants it. */
export function incomingBatch(
  bytes: Uint8Array,
  header: BatchHeader,
  marker: 'commit' | 'abort' | null,
): IncomingBatch {
  return {
    bytes,
    lastOffsetDelta: header.lastOffsetDelta,
    maxTimestamp: Number(header.maxTimestamp),
    producerId: header.producerId,
    producerEpoch: header.producerEpoch,
    baseSequence: header.baseSequence,
    isTransactional: header.transactional,
    marker,
  };
}

/** @param records the records field of a produce request: one or more batches of magic 2 */
export function checkBatches(records: Uint8Array | null, maxMessageBytes: number): CheckedBatches {
  if (records === null || records.length === 0) {
    return refused(ErrorCodes.INVALID_RECORD, 'No record batch.');
  }
  try {
    const produced = splitProducePayload(records);
    if (produced.some(({ header }) => header.control)) {
      return refused(ErrorCodes.INVALID_RECORD, 'Clients are not allowed to write control records.');
    }
    const largest = Math.max(...produced.map(({ header }) => header.sizeInBytes));
    if (largest > maxMessageBytes) {
      return refused(ErrorCodes.MESSAGE_TOO_LARGE, `Batch of ${largest} bytes, at most ${maxMessageBytes}.`);
    }
    const batches = produced.map(({ bytes, header }) => incomingBatch(bytes, header, null));
    return { errorCode: 0, problem: null, batches };
  } catch (error) {
    if (error instanceof ProtocolError) return refused(ErrorCodes.CORRUPT_MESSAGE, error.message);
    throw error;
  }
}
