/**
 * SaslAuthenticate: one token of an authentication (KIP-152). Version 1 tells for how long it holds
 * (KIP-368).
 */
import { bytes, int16, int64, string, struct } from '../schema/builders.ts';
import { defineApi } from '../schema/define-api.ts';
import type { Decoded } from '../schema/field.ts';

const request = struct({
  authBytes: bytes(),
});

const response = struct({
  errorCode: int16(),
  errorMessage: string({ nullableSince: 0 }),
  authBytes: bytes(),
  sessionLifetimeMs: int64({ since: 1, default: 0n, ignorable: true }),
});

export type SaslAuthenticateRequest = Decoded<typeof request>;
export type SaslAuthenticateResponse = Decoded<typeof response>;

export const saslAuthenticate = defineApi({
  key: 36,
  name: 'SaslAuthenticate',
  versions: { min: 0, max: 2 },
  firstFlexible: 2,
  request,
  response,
});
