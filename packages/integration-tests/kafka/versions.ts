// The Apache Kafka versions that the project's tests run against.

/** The version under full test. */
export const CURRENT_KAFKA = '4.3.0';

/** The last release line of Kafka 3, checked as well because many clusters still run it. */
export const PREVIOUS_KAFKA = '3.9.1';

/** Binding that sends the JVMs' logging to standard error, which the launcher keeps in a file. */
export const SLF4J_VERSION = '1.7.36';
