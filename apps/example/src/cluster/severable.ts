/** A transport that can be destroyed from outside, as the end of a process destroys its sockets. */
import type { TransportFactory } from '@kohort/core';
import type { GroupTransport } from '@kohort/core/spi';

export interface Severable {
  readonly factory: TransportFactory;
  /** Destroys the connections of every transport that was made; they open no others. */
  cut(): void;
}

export function severable(inner: TransportFactory): Severable {
  const made: GroupTransport[] = [];
  return {
    factory: {
      name: inner.name,
      contractVersion: inner.contractVersion,
      ...(inner.clock === undefined ? {} : { clock: inner.clock }),
      create(context) {
        const transport = inner.create(context);
        made.push(transport);
        return transport;
      },
    },
    cut() {
      for (const transport of made) void transport.close();
    },
  };
}
