/** What the service is for: bills orders. Knows nothing of Kafka beyond the bytes of a record. */
import { Counter, type Registry } from 'prom-client';

/** An order that no attempt will ever bill. */
export class InvalidOrder extends Error {}

export class Billing {
  readonly #orders: Counter;
  readonly #cents: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#orders = new Counter({ name: 'billing_orders_total', help: 'Orders billed', registers });
    this.#cents = new Counter({ name: 'billing_cents_total', help: 'Cents billed', registers });
  }

  /**
   * Put your work here; hand the signal on to what can be cancelled. It may be called again for the same order.
   * @throws InvalidOrder for bytes that are no order
   */
  async bill(value: Buffer | null, signal: AbortSignal): Promise<void> {
    const { cents } = parseOrder(value);
    signal.throwIfAborted();
    this.#orders.inc();
    this.#cents.inc(cents);
  }
}

function parseOrder(value: Buffer | null): { readonly cents: number } {
  const order = parsed(value);
  const cents: unknown = typeof order === 'object' && order !== null && 'cents' in order ? order.cents : null;
  if (typeof cents !== 'number' || !Number.isSafeInteger(cents) || cents < 0) {
    throw new InvalidOrder('An order needs a whole number of cents.');
  }
  return { cents };
}

function parsed(value: Buffer | null): unknown {
  try {
    return JSON.parse(value?.toString() ?? '');
  } catch (error) {
    throw new InvalidOrder('An order must be JSON.', { cause: error });
  }
}
