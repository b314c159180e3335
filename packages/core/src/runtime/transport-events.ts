/** Hands on what the transport sees, and listens to it only while some hook wants to know. */
import type { GroupTransport } from '../contracts/transport.ts';
import type { Notifier } from './notifier.ts';

export class TransportEvents {
  readonly #transport: GroupTransport;
  readonly #notifier: Notifier;
  #unsubscribe: (() => void) | null = null;
  #over = false;

  constructor(transport: GroupTransport, notifier: Notifier) {
    this.#transport = transport;
    this.#notifier = notifier;
    this.update();
  }

  /** Hooks have come or gone. */
  update(): void {
    const isWanted = !this.#over && this.#notifier.wants('transport');
    if (isWanted && !this.#unsubscribe) {
      this.#unsubscribe = this.#transport.subscribe((transport) =>
        this.#notifier.emit('transport', { transport }),
      );
    } else if (!isWanted && this.#unsubscribe) {
      this.#unsubscribe();
      this.#unsubscribe = null;
    }
  }

  /** The transport is closed, and is not listened to again. */
  end(): void {
    this.#over = true;
    this.update();
  }
}
