/**
 * ApiVersions: which versions of which APIs a broker accepts. Version 3 brought the client's name (KIP-511)
 * and features (KIP-584).
 * Its answers have response header version 0 always, and a broker that does not know the version answers in
 * version 0 with error 35: see `decodeApiVersionsResponse`.
 */
import { array, bool, int16, int32, int64, string, struct } from '../schema/builders.ts';
import { defineApi } from '../schema/define-api.ts';
import type { Decoded } from '../schema/field.ts';

const request = struct({
  clientSoftwareName: string({ since: 3, ignorable: true }),
  clientSoftwareVersion: string({ since: 3, ignorable: true }),
});

const response = struct({
  errorCode: int16(),
  apiKeys: array(
    struct({
      apiKey: int16(),
      minVersion: int16(),
      maxVersion: int16(),
    }),
  ),
  throttleTimeMs: int32({ since: 1, ignorable: true }),
  supportedFeatures: array(
    struct({
      name: string(),
      minVersion: int16(),
      maxVersion: int16(),
    }),
    { since: 3, tag: 0, ignorable: true },
  ),
  finalizedFeaturesEpoch: int64({ since: 3, default: -1n, tag: 1, ignorable: true }),
  finalizedFeatures: array(
    struct({
      name: string(),
      maxVersionLevel: int16(),
      minVersionLevel: int16(),
    }),
    { since: 3, tag: 2, ignorable: true },
  ),
  zkMigrationReady: bool({ since: 3, default: false, tag: 3, ignorable: true }),
});

export type ApiVersionsRequest = Decoded<typeof request>;
export type ApiVersionsResponse = Decoded<typeof response>;

export const apiVersions = defineApi({
  key: 18,
  name: 'ApiVersions',
  versions: { min: 0, max: 4 },
  firstFlexible: 3,
  request,
  response,
});
