/** Member ids as Kafka makes them: client id or group instance id, a dash, and a random UUID. */

/**
 * @param prefix client id of a dynamic member, group instance id of a static one
 * @param random uniform in [0, 1)
 */
export function randomMemberId(prefix: string, random: () => number): string {
  return `${prefix}-${randomUuid(random)}`;
}

/** A version 4 UUID (RFC 9562) from the given source of chance. */
function randomUuid(random: () => number): string {
  const digits = Array.from({ length: 32 }, () => Math.floor(random() * 16));
  digits[12] = 4;
  digits[16] = ((digits[16] ?? 0) & 0x3) | 0x8;
  const hex = digits.map((digit) => digit.toString(16)).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
