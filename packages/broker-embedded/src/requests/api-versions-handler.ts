/** ApiVersions: what this broker says it speaks. */
import { apiVersions } from '@kohort/protocol';
import { defineHandler, type Handler } from './handler.ts';

/** One API in the answer. */
export interface AdvertisedApi {
  readonly apiKey: number;
  readonly minVersion: number;
  readonly maxVersion: number;
}

/** @param advertised asked for at each request, ascending by key */
export function apiVersionsHandler(advertised: () => readonly AdvertisedApi[]): Handler {
  const answer = () => ({ errorCode: 0, apiKeys: advertised() });
  return defineHandler({ api: apiVersions, errorLevel: 'top', handle: answer, blank: answer });
}
