/** Ids of topics and of the cluster from a random stream. */
import type { Random } from './seeded-random.ts';

function version4(random: Random): Buffer {
  const bytes = Buffer.from(random.bytes(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes;
}

/** A version 4 UUID as 22 characters of base64url without padding (`org.apache.kafka.common.Uuid`). */
export function uuidBase64(random: Random): string {
  for (;;) {
    const id = version4(random).toString('base64url');
    // Kafka never hands out an id that begins with a dash: command line tools would take it for an option.
    if (!id.startsWith('-')) return id;
  }
}
