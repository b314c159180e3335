/** The records of the demo: orders with a number in their partition and a checksum, which every handler verifies. */
import { createHash } from 'node:crypto';

/** An order as it is produced. */
export interface OrderRecord {
  readonly partition: number;
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a handler looks at. */
export interface ReceivedRecord {
  readonly partition: number;
  readonly offset: bigint;
  readonly value: Buffer | null;
  readonly headers: { get(name: string): Buffer | null | undefined };
}

const CHECKSUM = 'checksum';

function checksumOf(value: string): string {
  return createHash('sha256').update(value).digest('hex').slice(0, 16);
}

/** @param sequence counts the orders of a partition from 0, so it is the offset as well */
export function encodeOrder(partition: number, sequence: number, cents: number): OrderRecord {
  const value = JSON.stringify({ order: `${partition}-${sequence}`, partition, sequence, cents });
  return { partition, key: `customer-${cents % 97}`, value, headers: { [CHECKSUM]: checksumOf(value) } };
}

/**
 * @returns the sequence of an order that arrived as it was produced, at the place it was produced for
 * @throws Error saying what is wrong with it
 */
export function verifyOrder({ partition, offset, value, headers }: ReceivedRecord): number {
  const text = value?.toString() ?? '';
  const checksum = headers.get(CHECKSUM)?.toString();
  if (checksum !== checksumOf(text)) throw new Error(`The checksum of ${partition}@${offset} is wrong.`);
  const order: unknown = JSON.parse(text);
  const sequence = numberIn(order, 'sequence');
  if (numberIn(order, 'partition') !== partition || BigInt(sequence) !== offset) {
    throw new Error(`${partition}@${offset} holds an order that was meant for another place.`);
  }
  return sequence;
}

function numberIn(order: unknown, field: string): number {
  const value: unknown = typeof order === 'object' && order !== null ? Reflect.get(order, field) : undefined;
  if (typeof value !== 'number') throw new Error(`An order has no ${field}.`);
  return value;
}
