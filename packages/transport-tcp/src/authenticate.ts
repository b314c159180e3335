/** SASL on an open connection: SaslHandshake names the mechanism, SaslAuthenticate carries its messages (KIP-43, KIP-152). */
import { type BrokerAddress, ByteReader, ByteWriter, TransportError } from '@kohort/core/spi';
import { type Api, saslAuthenticate, saslHandshake, type VersionRange } from '@kohort/protocol';
import { nameOf } from './bootstrap-server.ts';
import type { TcpSasl } from './options.ts';
import { conversationOf } from './sasl/conversation.ts';
import type { TcpLane } from './tcp-lane.ts';

const UNSUPPORTED_SASL_MECHANISM = 33;
const ILLEGAL_SASL_STATE = 34;

/**
 * @returns milliseconds for which the session holds, 0 for ever (KIP-368)
 * @throws TransportError kind `auth`; never with a secret in it
 */
export async function authenticate(
  lane: TcpLane,
  sasl: TcpSasl,
  versions: ReadonlyMap<number, VersionRange>,
  signal: AbortSignal,
): Promise<number> {
  const { broker } = lane;
  await shakeHands(lane, sasl);
  const conversation = conversationOf(sasl, signal);
  let lifetimeMs = 0n;
  try {
    for (let step = await conversation.next(new Uint8Array()); !step.done; ) {
      const answer = await exchange(lane, saslAuthenticate, versions, { authBytes: step.value });
      if (answer.errorCode !== 0)
        throw refused(broker, answer.errorMessage ?? `error code ${answer.errorCode}`);
      lifetimeMs = answer.sessionLifetimeMs;
      step = await conversation.next(answer.authBytes);
    }
  } catch (error) {
    if (error instanceof TransportError) throw error;
    throw refused(broker, error instanceof Error ? error.message : String(error), error);
  }
  return Number(lifetimeMs);
}

async function shakeHands(lane: TcpLane, { mechanism }: TcpSasl): Promise<void> {
  const name = mechanism.toUpperCase();
  const { errorCode, mechanisms } = await exchange(
    lane,
    saslHandshake,
    new Map([[saslHandshake.key, { min: 1, max: 1 }]]),
    {
      mechanism: name,
    },
  );
  if (errorCode === 0) return;
  const { broker } = lane;
  if (errorCode === UNSUPPORTED_SASL_MECHANISM) {
    const offered = mechanisms.length === 0 ? 'no other' : mechanisms.join(', ');
    throw failure(
      broker,
      `the broker does not have ${name}. Check \`sasl.mechanism\`: the broker has ${offered}.`,
    );
  }
  if (errorCode === ILLEGAL_SASL_STATE)
    throw failure(
      broker,
      'this listener does not use SASL. Remove `sasl`, or use the port of a SASL listener.',
    );
  throw refused(broker, `error code ${errorCode}`);
}

async function exchange<Request, Response, RequestInput, ResponseInput>(
  lane: TcpLane,
  api: Api<Request, Response, RequestInput, ResponseInput>,
  versions: ReadonlyMap<number, VersionRange>,
  request: RequestInput,
): Promise<Response> {
  const version = Math.min(api.versions.max, versions.get(api.key)?.max ?? api.versions.min);
  const writer = new ByteWriter();
  api.encodeRequest(request, version, writer);
  const body = await lane.send({
    apiKey: api.key,
    apiVersion: version,
    apiName: api.name,
    flexible: version >= api.firstFlexible,
    body: writer.finish(),
  });
  return api.decodeResponse(new ByteReader(body), version);
}

function refused(broker: BrokerAddress, why: string, cause?: unknown): TransportError {
  return failure(
    broker,
    `${why}. Check \`sasl.username\` and \`sasl.password\`, or what \`sasl.token\` gives.`,
    cause,
  );
}

function failure(broker: BrokerAddress, text: string, cause?: unknown): TransportError {
  return new TransportError(`SASL authentication with ${nameOf(broker)} failed: ${text}`, {
    kind: 'auth',
    sent: 'no',
    broker,
    ...(cause === undefined ? {} : { cause }),
  });
}
