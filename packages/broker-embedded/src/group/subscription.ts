/** The topics that the members of a consumer group subscribe to: all that the classic coordinator reads of their metadata. */
import { ByteReader, ProtocolError } from '@kohort/core/spi';
import { type Member, metadataOf } from './member.ts';

/** What the topics are worked out from. */
interface SubscribedGroup {
  readonly protocolType: string | undefined;
  readonly protocolName: string | undefined;
  readonly members: ReadonlyMap<string, Member>;
}

/**
 * Union of the topics in the chosen protocol's metadata; undefined when the group is not of type "consumer", has no
 * protocol yet, or the bytes are no ConsumerProtocolSubscription. Version 0 of that layout leads all later ones.
 */
export function subscribedTopicsOf(group: SubscribedGroup): ReadonlySet<string> | undefined {
  if (group.protocolType !== 'consumer') return undefined;
  const topics = new Set<string>();
  if (group.members.size === 0) return topics;
  if (group.protocolName === undefined) return undefined;
  try {
    for (const member of group.members.values()) {
      for (const topic of readTopics(metadataOf(member, group.protocolName))) topics.add(topic);
    }
    return topics;
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}

function readTopics(metadata: Uint8Array): string[] {
  const reader = new ByteReader(metadata);
  reader.int16();
  return reader.array((element) => element.string(), 2);
}
