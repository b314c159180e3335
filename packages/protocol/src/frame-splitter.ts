/** Cuts a stream of bytes into frames: an int32 size, then that many bytes. */
import { ProtocolError } from '@kohort/core/spi';

/** Limits of a {@link FrameSplitter}. */
export interface FrameSplitterOptions {
  /** Bytes of the largest frame accepted, its size not counted. Default 104857600, as `socket.request.max.bytes`. */
  readonly maxFrameSize?: number;
}

const SIZE_BYTES = 4;
const MAX_FRAME_SIZE = 104_857_600;

/** How other protocols begin: the bytes that arrive where a size should be. */
const STRANGERS: readonly (readonly [name: string, prefixes: readonly string[]])[] = [
  ['an HTTP answer: the port is a web server, not a Kafka listener', ['HTTP']],
  [
    'an HTTP request sent to a Kafka port',
    ['GET ', 'POST', 'PUT ', 'HEAD', 'OPTI', 'CONN', 'DELE', 'PATC', 'PRI '],
  ],
  ['a TLS alert: TLS and plain text were mixed up, or a TLS setting was refused', ['\x15\x03']],
  ['a TLS handshake: TLS is spoken to a plain-text port', ['\x16\x03']],
  ['an SSH server, not a Kafka listener', ['SSH-']],
];

/**
 * Takes bytes in chunks of any size and gives whole frames. A frame that lies within one chunk is a view into it, one that
 * spans several is copied once, when it is complete; nothing is allocated by a size alone. Chunks must not be reused by
 * whoever read them.
 */
export class FrameSplitter {
  readonly #maxFrameSize: number;
  #parts: Uint8Array[] = [];
  #gathered = 0;
  /** Bytes of the frame under way, undefined while its size is incomplete. */
  #size: number | undefined;
  #failure: ProtocolError | undefined;

  constructor(options: FrameSplitterOptions = {}) {
    this.#maxFrameSize = options.maxFrameSize ?? MAX_FRAME_SIZE;
  }

  /** Bytes held back for a frame that is not complete yet. */
  get pending(): number {
    return this.#gathered + (this.#size === undefined ? 0 : SIZE_BYTES);
  }

  /**
   * @returns the frames that `chunk` completes, without their sizes, in order
   * @throws {@link ProtocolError} an impossible size, naming what probably sent it; every later call throws the same, since
   * there is no telling where the next frame starts
   */
  push(chunk: Uint8Array): Uint8Array[] {
    if (this.#failure !== undefined) throw this.#failure;
    const frames: Uint8Array[] = [];
    let at = 0;
    for (;;) {
      const wanted = (this.#size ?? SIZE_BYTES) - this.#gathered;
      if (wanted > chunk.length - at) break;
      const whole = this.#complete(chunk.subarray(at, at + wanted));
      at += wanted;
      if (this.#size === undefined) this.#size = this.#readSize(whole);
      else {
        frames.push(whole);
        this.#size = undefined;
      }
    }
    if (at < chunk.length) {
      this.#parts.push(chunk.subarray(at));
      this.#gathered += chunk.length - at;
    }
    return frames;
  }

  /** The parts held back and the last one, in one piece. */
  #complete(last: Uint8Array): Uint8Array {
    if (this.#parts.length === 0) return last;
    const whole = new Uint8Array(this.#gathered + last.length);
    let at = 0;
    for (const part of this.#parts) {
      whole.set(part, at);
      at += part.length;
    }
    whole.set(last, at);
    this.#parts = [];
    this.#gathered = 0;
    return whole;
  }

  #readSize(bytes: Uint8Array): number {
    const size = new DataView(bytes.buffer, bytes.byteOffset).getInt32(0);
    if (size >= 0 && size <= this.#maxFrameSize) return size;
    this.#failure = new ProtocolError(
      `frame of ${size} bytes, at most ${this.#maxFrameSize} are accepted; the peer is ${whoSends(bytes)}`,
    );
    this.#parts = [];
    throw this.#failure;
  }
}

function whoSends(bytes: Uint8Array): string {
  const start = String.fromCharCode(...bytes);
  const stranger = STRANGERS.find(([, prefixes]) => prefixes.some((prefix) => start.startsWith(prefix)));
  return stranger === undefined
    ? 'not speaking the Kafka protocol, or the limit is too low'
    : `probably ${stranger[0]}`;
}
