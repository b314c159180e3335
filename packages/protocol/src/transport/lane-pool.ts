/** All lanes of one transport: one for each broker and purpose, and the one to the bootstrap servers. */
import type { BrokerAddress, Lane } from '@kohort/core/spi';
import { LaneSlot, type SlotContext } from './lane-slot.ts';

export class LanePool {
  readonly #context: SlotContext;
  readonly #slots = new Map<string, LaneSlot>();
  #closed = false;
  #closing: Promise<void> | undefined;

  constructor(context: SlotContext) {
    this.#context = context;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  slot(target: 'bootstrap' | BrokerAddress, lane: Lane): LaneSlot {
    const key = keyOf(target, lane);
    let slot = this.#slots.get(key);
    if (slot === undefined) {
      slot = new LaneSlot(target, lane, this.#context);
      this.#slots.set(key, slot);
    }
    return slot;
  }

  /** A control lane that is open, to whichever broker; else the one to the bootstrap servers. */
  anyControl(): LaneSlot {
    const bootstrap = this.slot('bootstrap', 'control');
    if (bootstrap.isOpen) return bootstrap;
    for (const slot of this.#slots.values()) {
      if (slot.lane === 'control' && slot.isOpen) return slot;
    }
    return bootstrap;
  }

  reset(node: BrokerAddress, lane: Lane, reason: Error): void {
    this.#slots.get(keyOf(node, lane))?.destroy(reason, 'laneClosed');
  }

  /** Ends every connection and call at once; the promise is the wire client's own end. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#closed = true;
    const reason = new Error('the transport has been closed');
    for (const slot of this.#slots.values()) slot.destroy(reason, 'closed');
    await this.#context.wire.close();
  }
}

function keyOf(target: 'bootstrap' | BrokerAddress, lane: Lane): string {
  if (target === 'bootstrap') return `${lane} bootstrap`;
  return `${lane} ${target.nodeId ?? ''} ${target.host}:${target.port}`;
}
