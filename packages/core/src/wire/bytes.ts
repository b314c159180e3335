/**
 * Reader and writer of the Kafka protocol's primitive types. They exist once: the protocol package, the embedded
 * broker and assignor plugins use these.
 */
export { ByteReader } from './byte-reader.ts';
export { ByteWriter } from './byte-writer.ts';
export { ProtocolError } from './protocol-error.ts';
