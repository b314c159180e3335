/** ApiVersions: the first request of each connection, with the name and version of this software (KIP-511). */
import { createRequire } from 'node:module';
import { ByteReader, ByteWriter, ProtocolError, TransportError } from '@kohort/core/spi';
import { apiVersions, decodeApiVersionsResponse, type VersionRange } from '@kohort/protocol';
import type { TcpLane } from './tcp-lane.ts';

const UNSUPPORTED_VERSION = 35;

/**
 * What the broker offers, by API key. A broker that does not know the newest version answers in version 0 with what it
 * knows, which is enough.
 * @throws ProtocolError for an answer that is none; TransportError for an error code, or when the connection ends
 */
export async function negotiate(lane: TcpLane): Promise<ReadonlyMap<number, VersionRange>> {
  let answer = await ask(lane, apiVersions.versions.max);
  // Brokers before 2.4 say the code and nothing else.
  if (answer.errorCode === UNSUPPORTED_VERSION && answer.apiKeys.length === 0) answer = await ask(lane, 0);
  if (answer.apiKeys.length === 0) {
    throw new TransportError(
      `${lane.broker.host}:${lane.broker.port} does not say which versions it speaks (error code ${answer.errorCode}). Kafka 2.4 or newer is needed.`,
      { kind: 'unsupportedVersion', sent: 'no', broker: lane.broker },
    );
  }
  return new Map(
    answer.apiKeys.map(({ apiKey, minVersion, maxVersion }) => [
      apiKey,
      { min: minVersion, max: maxVersion },
    ]),
  );
}

async function ask(lane: TcpLane, version: number) {
  const writer = new ByteWriter();
  const request = { clientSoftwareName: 'kohort', clientSoftwareVersion: softwareVersion() };
  apiVersions.encodeRequest(request, version, writer);
  const body = await lane.send({
    apiKey: apiVersions.key,
    apiVersion: version,
    apiName: apiVersions.name,
    flexible: version >= apiVersions.firstFlexible,
    body: writer.finish(),
  });
  try {
    return decodeApiVersionsResponse(new ByteReader(body), version);
  } catch (cause) {
    throw new ProtocolError('its answer to ApiVersions cannot be read', cause);
  }
}

let version: string | undefined;

/** The version of this package, in the letters that brokers accept (`ApiVersionsRequest.isValid`). */
function softwareVersion(): string {
  if (version !== undefined) return version;
  // The built CommonJS file has a file name, the ES module a URL; neither has both.
  const here = typeof __filename === 'string' ? __filename : import.meta.url;
  const manifest: { version?: unknown } = createRequire(here)('../package.json');
  version = String(manifest.version).replaceAll(/[^0-9A-Za-z.-]/g, '-');
  return version;
}
