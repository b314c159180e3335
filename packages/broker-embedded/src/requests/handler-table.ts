/** Which handler serves which API, in which versions. */
import type { VersionRange } from '@kohort/protocol';
import { type AdvertisedApi, apiVersionsHandler } from './api-versions-handler.ts';
import type { Handler } from './handler.ts';
import { advertised, type EmulatedKafka } from './version-tables.ts';

export interface ServedHandler {
  readonly handler: Handler;
  readonly versions: VersionRange;
}

export class HandlerTable {
  readonly #served = new Map<number, ServedHandler>();

  /** @param release only what this release of Kafka advertises is served */
  constructor(handlers: readonly Handler[], release: EmulatedKafka) {
    for (const handler of [...handlers, apiVersionsHandler(() => this.#advertised())]) {
      const versions = advertised(handler.name, handler.versions, release);
      if (versions !== undefined) this.#served.set(handler.key, { handler, versions });
    }
  }

  get(apiKey: number): ServedHandler | undefined {
    return this.#served.get(apiKey);
  }

  #advertised(): AdvertisedApi[] {
    return [...this.#served]
      .sort(([a], [b]) => a - b)
      .map(([apiKey, { versions }]) => ({ apiKey, minVersion: versions.min, maxVersion: versions.max }));
  }
}
