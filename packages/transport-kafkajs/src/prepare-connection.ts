/**
 * Makes one kafkajs connection fit for a lane, before it connects. Everything is set on this one object: neither kafkajs
 * nor the connections of the application are changed.
 */
import type { Socket } from 'node:net';
import { ProtocolError } from '@kohort/core/spi';
import { FrameSplitter } from '@kohort/protocol';
import type { Connection, Logger } from './kafkajs-internals.ts';

export interface ConnectionListener {
  /** The socket, as soon as there is one. */
  onSocket(socket: Socket): void;
  /** The peer sends what is not the Kafka protocol. */
  onGarbage(error: ProtocolError): void;
}

export function prepareConnection(connection: Connection, listener: ConnectionListener): void {
  connection.logger = withoutErrors(connection.logger);
  connection.requestQueue.logger = withoutErrors(connection.requestQueue.logger);
  watchSocket(connection, listener);
  readFrames(connection, listener);
  checkPendingOnlyWhenPending(connection);
}

/** kafkajs logs as errors what it also throws: here it is thrown as a TransportError, and logged for those who debug. */
function withoutErrors(logger: Logger): Logger {
  return {
    info: (message, extra) => logger.info(message, extra),
    warn: (message, extra) => logger.debug(message, extra),
    error: (message, extra) => logger.debug(message, extra),
    debug: (message, extra) => logger.debug(message, extra),
    namespace: (name, level) => withoutErrors(logger.namespace(name, level)),
  };
}

function watchSocket(connection: Connection, listener: ConnectionListener): void {
  const { socketFactory } = connection;
  connection.socketFactory = (options) => {
    const socket = socketFactory(options);
    // Requests are small and written whole: waiting for more only costs time (Nagle's algorithm).
    socket.setNoDelay(true);
    listener.onSocket(socket);
    return socket;
  };
}

/**
 * kafkajs trusts the size in front of each frame: a negative one throws inside a socket event and ends the process, a large
 * one waits for ever. So frames are cut here, with bounds.
 */
function readFrames(connection: Connection, { onGarbage }: ConnectionListener): void {
  const splitter = new FrameSplitter();
  const processData = connection.processData.bind(connection);
  connection.processData = (chunk) => {
    try {
      if (connection.authHandlers) processData(chunk);
      else for (const frame of splitter.push(chunk)) deliver(connection, frame);
    } catch (error) {
      onGarbage(
        error instanceof ProtocolError ? error : new ProtocolError('the answer cannot be read', error),
      );
    }
  };
}

const CORRELATION_ID_BYTES = 4;

function deliver({ requestQueue }: Connection, frame: Uint8Array): void {
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.length);
  if (bytes.length < CORRELATION_ID_BYTES) throw new ProtocolError(`frame of ${bytes.length} bytes`);
  requestQueue.fulfillRequest({
    correlationId: bytes.readInt32BE(0),
    size: bytes.length,
    payload: bytes.subarray(CORRELATION_ID_BYTES),
  });
}

/**
 * kafkajs 2.2.4 arms a timer after each response even when nothing is pending, with a negative delay: on newer Node
 * versions that prints a TimeoutNegativeWarning (kafkajs issue 1751).
 */
function checkPendingOnlyWhenPending({ requestQueue }: Connection): void {
  const schedule = requestQueue.scheduleCheckPendingRequests.bind(requestQueue);
  requestQueue.scheduleCheckPendingRequests = () => {
    if (requestQueue.pending.length > 0) schedule();
  };
}
