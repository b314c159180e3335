/** How a batch that cannot be read is reported. */
import { type CompressionType, type TopicPartition, TransportError } from '@kohort/core/spi';

/** Where a batch was found, for messages. */
export interface BatchPlace {
  readonly topicPartition?: TopicPartition;
  readonly offset: bigint | null;
}

function describePlace({ topicPartition, offset }: BatchPlace): string {
  const where = topicPartition === undefined ? '' : ` of ${topicPartition.topic}-${topicPartition.partition}`;
  return `record batch at offset ${offset ?? 'unknown'}${where}`;
}

function contextOf({ topicPartition }: BatchPlace) {
  return {
    sent: 'maybe' as const,
    api: 'Fetch',
    ...(topicPartition === undefined ? {} : { topicPartition }),
  };
}

/** The batch is damaged, or is not what its format says. */
export function corruptBatch(place: BatchPlace, problem: string, cause?: unknown): TransportError {
  const context = { kind: 'decode' as const, ...contextOf(place) };
  return new TransportError(
    `${describePlace(place)}: ${problem}`,
    cause === undefined ? context : { ...context, cause },
  );
}

/** The batch is compressed by something that nobody here can undo. */
export function missingCodec(place: BatchPlace, type: CompressionType): TransportError {
  return new TransportError(
    `${describePlace(place)} is compressed with ${type}, and there is no codec for ${type}. ` +
      `Pass one: { type: '${type}', decompress: (bytes, { maxBytes }) => … } in the transport's \`codecs\`.`,
    { kind: 'codecMissing', ...contextOf(place) },
  );
}
