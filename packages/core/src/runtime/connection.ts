/** The group's transport, connected once it is needed, and what both sides can speak. */

import type { ClusterInfo, GroupTransport } from '../contracts/transport.ts';
import { ErrorCode } from '../errors/error-codes.ts';
import { KohortError } from '../errors/kohort-error.ts';
import type { ManagerSettings } from './settings.ts';

export class Connection {
  readonly transport: GroupTransport;
  readonly #settings: ManagerSettings;
  readonly #signal: AbortSignal;
  #info: ClusterInfo | null = null;
  #opening: Promise<ClusterInfo> | null = null;

  constructor(settings: ManagerSettings, signal: AbortSignal) {
    const { clientId, groupId, clock } = settings;
    this.transport = settings.transport.create({ clientId, groupId, clock, signal });
    this.#settings = settings;
    this.#signal = signal;
  }

  /** Whether a broker has been spoken to. */
  get isOpen(): boolean {
    return this.#info !== null;
  }

  /** Connects, or joins the attempt that is under way. A failed attempt can be repeated. */
  open(): Promise<ClusterInfo> {
    if (this.#info) return Promise.resolve(this.#info);
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  async #connect(): Promise<ClusterInfo> {
    const { requestTimeout, groupInstanceId } = this.#settings;
    const info = await this.transport.connect({ timeoutMs: requestTimeout, signal: this.#signal });
    if (groupInstanceId !== undefined && !info.features.staticMembership) {
      throw new KohortError(
        ErrorCode.configuration,
        'groupInstanceId needs static membership (KIP-345, Kafka 2.3), which the brokers or the transport do not speak. Leave it out, or update them.',
      );
    }
    this.#info = info;
    return info;
  }
}
