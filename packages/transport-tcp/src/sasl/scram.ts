/** SCRAM (RFC 5802, RFC 7677, KIP-84): both sides prove that they know the password, and nobody sends it. */
import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { PasswordSasl } from '../options.ts';
import type { SaslConversation } from './conversation.ts';
import { passwordOf } from './password.ts';

const derive = promisify(pbkdf2);

/** As few iterations as Kafka allows; fewer would make a stolen exchange cheap to guess from. */
const MIN_ITERATIONS = 4096;
/** A hostile server must not keep the processor busy for minutes. */
const MAX_ITERATIONS = 1_000_000;
const NONCE_BYTES = 24;
/** No channel binding, base64 of the header `n,,`. */
const CHANNEL = 'c=biws';

/**
 * @param nonce for tests: what RFC 7677 calls the client nonce
 * @throws Error when the broker's messages are not SCRAM, or when it does not know the password itself
 */
export async function* scram(
  sasl: PasswordSasl,
  hash: 'sha256' | 'sha512',
  nonce = randomBytes(NONCE_BYTES).toString('base64'),
): SaslConversation {
  const first = `n=${escaped(sasl.username)},r=${nonce}`;
  const challenge = text(yield utf8(`n,,${first}`));
  const { serverNonce, salt, iterations } = readChallenge(challenge, nonce);
  const withoutProof = `${CHANNEL},r=${serverNonce}`;
  const signed = utf8(`${first},${challenge},${withoutProof}`);
  const salted = await derive(await passwordOf(sasl), salt, iterations, hash === 'sha256' ? 32 : 64, hash);
  const hmac = (key: Uint8Array, data: Uint8Array) => createHmac(hash, key).update(data).digest();
  const clientKey = hmac(salted, utf8('Client Key'));
  const storedKey = createHash(hash).update(clientKey).digest();
  const signature = hmac(storedKey, signed);
  const proof = clientKey.map((byte, i) => byte ^ (signature[i] ?? 0));
  const verdict = text(yield utf8(`${withoutProof},p=${Buffer.from(proof).toString('base64')}`));
  const expected = hmac(hmac(salted, utf8('Server Key')), signed);
  const proven = Buffer.from(fieldOf(verdict, 'v') ?? '', 'base64');
  if (proven.length !== expected.length || !timingSafeEqual(proven, expected))
    throw new Error(`the server did not prove that it knows the password${reasonOf(verdict)}`);
}

function readChallenge(challenge: string, nonce: string) {
  const serverNonce = fieldOf(challenge, 'r');
  const salt = Buffer.from(fieldOf(challenge, 's') ?? '', 'base64');
  const iterations = Number(fieldOf(challenge, 'i'));
  if (serverNonce === undefined || salt.length === 0)
    throw new Error(`the server sent no SCRAM challenge${reasonOf(challenge)}`);
  if (!serverNonce.startsWith(nonce) || serverNonce === nonce)
    throw new Error('the server answered with a nonce of somebody else');
  if (!Number.isInteger(iterations) || iterations < MIN_ITERATIONS || iterations > MAX_ITERATIONS)
    throw new Error(
      `the server wants ${iterations} iterations; from ${MIN_ITERATIONS} to ${MAX_ITERATIONS} are accepted`,
    );
  return { serverNonce, salt, iterations };
}

/** A name may hold what separates the fields (RFC 5802, section 5.1). */
function escaped(name: string): string {
  return name.replaceAll('=', '=3D').replaceAll(',', '=2C');
}

function fieldOf(message: string, name: string): string | undefined {
  return message
    .split(',')
    .find((part) => part.startsWith(`${name}=`))
    ?.slice(2);
}

function reasonOf(message: string): string {
  const reason = fieldOf(message, 'e');
  return reason === undefined ? '' : `: ${reason}`;
}

function utf8(value: string): Uint8Array {
  return Buffer.from(value, 'utf8');
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
