/** Transports that break a law each: what the conformance suite has to notice. */
import { type GroupTransport, type TransportContext, TransportError } from '@kohort/core/spi';
import type { MakeTransport } from '@kohort/testkit';
import { tcpTransport } from '@kohort/transport-tcp';

export interface WrongTransport {
  readonly what: string;
  /** Name of the law that has to notice it. */
  readonly law: string;
  readonly make: MakeTransport;
}

const sound: MakeTransport = ({ host, port }) => tcpTransport({ brokers: [`${host}:${port}`] });

/** A sound transport but for some of its methods. */
function but(
  change: (inner: GroupTransport, context: TransportContext) => Partial<GroupTransport>,
): MakeTransport {
  return (server) => {
    const factory = sound(server);
    return {
      ...factory,
      create(context) {
        const inner = factory.create(context);
        const own = change(inner, context);
        return new Proxy(inner, {
          get(_, name) {
            const value: unknown = name in own ? Reflect.get(own, name) : Reflect.get(inner, name);
            return typeof value === 'function' && !(name in own) ? value.bind(inner) : value;
          },
        });
      },
    };
  };
}

/** A sound transport in a context that is not the group's. */
function elsewhere(change: (context: TransportContext) => TransportContext): MakeTransport {
  return (server) => {
    const factory = sound(server);
    return { ...factory, create: (context) => factory.create(change(context)) };
  };
}

function failure(kind: 'aborted' | 'laneClosed', sent: 'no' | 'maybe'): TransportError {
  return new TransportError('wrong on purpose', { kind, sent });
}

export const wrongTransports: readonly WrongTransport[] = [
  {
    what: 'connects when it is made',
    law: 'lazy',
    make: but((inner) => {
      inner.connect({ timeoutMs: 1_000 }).catch(() => undefined);
      return {};
    }),
  },
  {
    what: 'has a client id of its own',
    law: 'identity',
    make: elsewhere((context) => ({ ...context, clientId: 'mine' })),
  },
  {
    what: 'claims what the broker cannot do',
    law: 'features',
    make: but((inner) => ({
      connect: async (call) => {
        const info = await inner.connect(call);
        return { ...info, features: { ...info.features, staticMembership: true } };
      },
    })),
  },
  {
    what: 'calls a refused connection a closed one',
    law: 'refused',
    make: but((inner) => ({
      connect: (call) =>
        inner.connect(call).catch(() => {
          throw failure('laneClosed', 'maybe');
        }),
    })),
  },
  {
    what: 'waits longer than it may',
    law: 'silent',
    make: but((inner) => ({
      connect: (call) => inner.connect({ ...call, timeoutMs: call.timeoutMs * 4 }),
    })),
  },
  {
    what: 'does not listen to the signal while connecting',
    law: 'given up',
    make: but((inner) => ({ connect: ({ timeoutMs }) => inner.connect({ timeoutMs: timeoutMs / 10 }) })),
  },
  {
    what: 'throws error codes',
    law: 'codes',
    make: but((inner) => ({
      heartbeat: async (...args) => {
        const result = await inner.heartbeat(...args);
        if (result.errorCode !== 0) throw failure('aborted', 'maybe');
        return result;
      },
    })),
  },
  {
    what: 'tries again by itself',
    law: 'codes',
    make: but((inner) => ({
      heartbeat: async (...args) => {
        const result = await inner.heartbeat(...args);
        return result.errorCode === 15 ? inner.heartbeat(...args) : result;
      },
    })),
  },
  {
    what: 'rejects a result for one bad partition',
    law: 'partial',
    make: but((inner) => ({
      offsetFetch: async (...args) => {
        const result = await inner.offsetFetch(...args);
        if (result.partitions.some(({ errorCode }) => errorCode !== 0)) throw failure('aborted', 'maybe');
        return result;
      },
    })),
  },
  {
    what: 'gives the answer of one request to another',
    law: 'together',
    make: but((inner) => {
      let before: ReturnType<GroupTransport['offsetFetch']> | undefined;
      return {
        offsetFetch: (...args) => {
          const mine = inner.offsetFetch(...args);
          mine.catch(() => undefined); // the last one is nobody's
          const given = before ?? mine;
          before = mine;
          return given;
        },
      };
    }),
  },
  {
    what: 'takes no commit while a JoinGroup is parked',
    law: 'parked',
    make: but((inner) => {
      let joining = false;
      return {
        joinGroup: (...args) => {
          joining = true;
          return inner.joinGroup(...args);
        },
        offsetCommit: (...args) =>
          joining ? Promise.reject(failure('aborted', 'no')) : inner.offsetCommit(...args),
      };
    }),
  },
  {
    what: 'shares a transport between groups',
    law: 'apart',
    make: (server) => {
      const factory = sound(server);
      let shared: GroupTransport | undefined;
      return {
        ...factory,
        create(context) {
          shared ??= factory.create(context);
          return shared;
        },
      };
    },
  },
  {
    what: 'rounds deadlines up to seconds',
    law: 'exact',
    make: but((inner) => ({
      heartbeat: (node, request, call) =>
        inner.heartbeat(node, request, { ...call, timeoutMs: Math.ceil(call.timeoutMs / 1_000) * 1_000 }),
    })),
  },
  {
    what: 'keeps the connection of a JoinGroup that nobody waits for',
    law: 'taken along',
    make: but((inner) => ({
      joinGroup: (node, request, call) =>
        Promise.race([
          inner.joinGroup(node, request, { ...call, timeoutMs: 300_000 }),
          new Promise<never>((_, reject) =>
            setTimeout(
              () => reject(new TransportError('late', { kind: 'timeout', sent: 'maybe' })),
              call.timeoutMs,
            ),
          ),
        ]),
    })),
  },
  {
    what: 'looks at the signal only afterwards',
    law: 'too late',
    make: but((inner) => ({
      heartbeat: async (node, request, { timeoutMs, signal }) => {
        const result = await inner.heartbeat(node, request, { timeoutMs });
        if (signal?.aborted) throw failure('aborted', 'no');
        return result;
      },
    })),
  },
  {
    what: 'says that nothing was sent',
    law: 'meanwhile',
    make: but((inner) => ({
      joinGroup: (...args) =>
        inner.joinGroup(...args).catch((error: TransportError) => {
          throw failure(error.kind as 'aborted', 'no');
        }),
    })),
  },
  {
    what: 'calls a connection that ended an abort',
    law: 'in flight',
    make: but((inner) => ({
      joinGroup: (...args) =>
        inner.joinGroup(...args).catch(() => {
          throw failure('aborted', 'maybe');
        }),
    })),
  },
  {
    what: 'says nothing of the end of a connection',
    law: 'idle',
    make: but(() => ({ subscribe: () => () => undefined })),
  },
  {
    what: 'waits for the broker on close',
    law: 'closing',
    make: but((inner) => ({
      close: async () => {
        await new Promise((resolve) => setTimeout(resolve, 150));
        await inner.close();
      },
    })),
  },
  {
    what: 'keeps a timer',
    law: 'nothing left',
    make: but((inner) => ({
      heartbeat: (...args) => {
        setTimeout(() => undefined, 7_000);
        return inner.heartbeat(...args);
      },
    })),
  },
  {
    what: 'warns',
    law: 'nothing left',
    make: but((inner) => ({
      heartbeat: (...args) => {
        process.emitWarning('wrong on purpose');
        return inner.heartbeat(...args);
      },
    })),
  },
];
