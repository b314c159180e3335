/** Version 4 UUIDs from a random stream, in the two forms that Kafka prints them. */
import type { Random } from './seeded-random.ts';

function version4(random: Random): Buffer {
  const bytes = Buffer.from(random.bytes(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes;
}

/** Topic and cluster ids: 22 characters of base64url without padding (`org.apache.kafka.common.Uuid`). */
export function uuidBase64(random: Random): string {
  for (;;) {
    const id = version4(random).toString('base64url');
    // Kafka never hands out an id that begins with a dash: command line tools would take it for an option.
    if (!id.startsWith('-')) return id;
  }
}

/** Member ids end in this form: 8-4-4-4-12 hexadecimal digits (`java.util.UUID`). */
export function uuidHex(random: Random): string {
  const hex = version4(random).toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
