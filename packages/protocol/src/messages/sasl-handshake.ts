/**
 * SaslHandshake: names the mechanism of an authentication. After version 0 bare tokens follow, after
 * version 1 SaslAuthenticate requests (KIP-152).
 */
import { array, int16, string, struct } from '../schema/builders.ts';
import { defineApi } from '../schema/define-api.ts';
import type { Decoded } from '../schema/field.ts';

const request = struct({
  mechanism: string(),
});

const response = struct({
  errorCode: int16(),
  mechanisms: array(string()),
});

export type SaslHandshakeRequest = Decoded<typeof request>;
export type SaslHandshakeResponse = Decoded<typeof response>;

export const saslHandshake = defineApi({
  key: 17,
  name: 'SaslHandshake',
  versions: { min: 0, max: 1 },
  request,
  response,
});
