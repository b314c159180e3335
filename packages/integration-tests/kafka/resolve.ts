// Resolves Apache Kafka (broker or client jars) by Maven into the cache, once per version.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kafkaCacheDir } from './cache-dir.ts';
import { onceDirectory } from './once-directory.ts';
import { runTool } from './run-tool.ts';
import { SLF4J_VERSION } from './versions.ts';

const DEPENDENCY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1';
const MAVEN_TIMEOUT_MS = 300_000;

/** A resolved set of jars. */
export interface ResolvedJars {
  readonly version: string;
  readonly directory: string;
  /** What `java -cp` takes. */
  readonly classPath: string;
}

/** The broker (`kafka_2.13`) with everything it needs; contains kafka-clients of the same version and Jackson. */
export function resolveKafka(version: string): Promise<ResolvedJars> {
  return resolveArtifact('kafka_2.13', version, '');
}

/** Only `kafka-clients`: for foreign members of versions whose broker is not needed. */
export function resolveKafkaClients(version: string): Promise<ResolvedJars> {
  return resolveArtifact('kafka-clients', version, 'clients-');
}

/** Where {@link resolveKafka} keeps a version; the directory exists only when it is complete. */
export function kafkaDirectory(version: string): string {
  return join(kafkaCacheDir(), checkedVersion(version));
}

async function resolveArtifact(artifact: string, version: string, prefix: string): Promise<ResolvedJars> {
  const target = join(kafkaCacheDir(), `${prefix}${checkedVersion(version)}`);
  const directory = await onceDirectory(target, (into) => copyDependencies(artifact, version, into), {
    timeoutMs: MAVEN_TIMEOUT_MS + 30_000,
  });
  return { version, directory, classPath: join(directory, 'lib', '*') };
}

async function copyDependencies(artifact: string, version: string, into: string): Promise<void> {
  await writeFile(join(into, 'pom.xml'), pom(artifact, version));
  await runTool(
    'mvn',
    [
      '--batch-mode',
      '--quiet',
      `${DEPENDENCY_PLUGIN}:copy-dependencies`,
      `-DoutputDirectory=${join(into, 'lib')}`,
    ],
    { timeoutMs: MAVEN_TIMEOUT_MS, cwd: into },
  );
}

// The version goes into a path and into XML.
function checkedVersion(version: string): string {
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`not a Kafka version: ${version}`);
  return version;
}

function pom(artifact: string, version: string): string {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>kohort.tests</groupId>
  <artifactId>${artifact}-jars</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>${SLF4J_VERSION}</version></dependency>
  </dependencies>
</project>
`;
}
