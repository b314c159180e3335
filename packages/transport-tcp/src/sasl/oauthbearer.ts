/** OAUTHBEARER (RFC 7628, KIP-255): a token that an authorisation server gave out. */
import type { OauthBearer, OauthBearerToken } from '../options.ts';
import type { SaslConversation } from './conversation.ts';

const SEPARATOR = '\x01';
/** What the token and the extensions may be made of (RFC 6750, RFC 7628, KIP-342). */
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;
const KEY = /^[A-Za-z]+$/;
const VALUE = /^[\x21-\x7e \t\r\n]+$/;

/** @throws Error for a token that cannot be sent, or one that the broker does not accept, with what the broker says of it */
export async function* oauthBearer({ token }: OauthBearer, signal: AbortSignal): SaslConversation {
  const challenge = yield Buffer.from(firstMessage(await token({ signal })), 'utf8');
  if (challenge.length === 0) return;
  // The broker says why it refuses, in JSON, and wants an empty message before it ends the exchange.
  yield Buffer.from(SEPARATOR, 'utf8');
  throw new Error(`the broker does not accept the token: ${Buffer.from(challenge).toString('utf8')}`);
}

function firstMessage(token: OauthBearerToken): string {
  if (typeof token?.value !== 'string' || !TOKEN.test(token.value))
    throw new Error('the function `sasl.token` gave no { value } that is a bearer token');
  const extensions = Object.entries(token.extensions ?? {});
  const bad = extensions.find(([key, value]) => key === 'auth' || !KEY.test(key) || !VALUE.test(value));
  if (bad) throw new Error(`the SASL extension ${JSON.stringify(bad[0])} cannot be sent`);
  const pairs = [`auth=Bearer ${token.value}`, ...extensions.map(([key, value]) => `${key}=${value}`)];
  return `n,,${SEPARATOR}${pairs.join(SEPARATOR)}${SEPARATOR}${SEPARATOR}`;
}
