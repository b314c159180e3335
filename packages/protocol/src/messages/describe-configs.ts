/**
 * DescribeConfigs: configuration of topics (resource type 2) and brokers (4). Version 1 told the source of
 * a value in place of `isDefault` (KIP-226), 3 types and documentation (KIP-569).
 */
import { array, bool, int8, int16, int32, string, struct } from '../schema/builders.ts';
import { defineApi } from '../schema/define-api.ts';
import type { Decoded } from '../schema/field.ts';

const request = struct({
  resources: array(
    struct({
      resourceType: int8(),
      resourceName: string(),
      configurationKeys: array(string(), { nullableSince: 0 }),
    }),
  ),
  includeSynonyms: bool({ since: 1, default: false }),
  includeDocumentation: bool({ since: 3, default: false }),
});

const response = struct({
  throttleTimeMs: int32(),
  results: array(
    struct({
      errorCode: int16(),
      errorMessage: string({ nullableSince: 0 }),
      resourceType: int8(),
      resourceName: string(),
      configs: array(
        struct({
          name: string(),
          value: string({ nullableSince: 0 }),
          readOnly: bool(),
          isDefault: bool({ until: 0 }),
          configSource: int8({ since: 1, default: -1, ignorable: true }),
          isSensitive: bool(),
          synonyms: array(
            struct({
              name: string(),
              value: string({ nullableSince: 0 }),
              source: int8(),
            }),
            { since: 1, ignorable: true },
          ),
          configType: int8({ since: 3, default: 0, ignorable: true }),
          documentation: string({ since: 3, nullableSince: 0, ignorable: true }),
        }),
      ),
    }),
  ),
});

export type DescribeConfigsRequest = Decoded<typeof request>;
export type DescribeConfigsResponse = Decoded<typeof response>;

export const describeConfigs = defineApi({
  key: 32,
  name: 'DescribeConfigs',
  versions: { min: 0, max: 4 },
  firstFlexible: 4,
  request,
  response,
});
