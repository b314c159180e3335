/** PLAIN (RFC 4616): name and password as they are, so only for TLS. */
import type { PasswordSasl } from '../options.ts';
import type { SaslConversation } from './conversation.ts';
import { passwordOf } from './password.ts';

/** @throws Error for a NUL, which is what separates the parts */
export async function* plain(sasl: PasswordSasl): SaslConversation {
  const password = await passwordOf(sasl);
  if (`${sasl.username}${password}`.includes('\0'))
    throw new Error('a name or password with a NUL character cannot be sent by PLAIN');
  yield Buffer.from(`\0${sasl.username}\0${password}`, 'utf8');
}
