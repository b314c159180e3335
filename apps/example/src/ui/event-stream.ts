/** Server-sent events: the same message for everybody who watches. */
import type { ServerResponse } from 'node:http';

/** Pages at once. */
const MOST_WATCHERS = 16;

/** Bytes that may wait for a slow reader; until they are gone it misses messages, each of which is complete. */
const MOST_WAITING = 1024 * 1024;

export class EventStream {
  readonly #watchers = new Set<ServerResponse>();

  get isFull(): boolean {
    return this.#watchers.size >= MOST_WATCHERS;
  }

  get isWatched(): boolean {
    return this.#watchers.size > 0;
  }

  /** @param first what this one is told at once */
  add(response: ServerResponse, first: string): void {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    this.#watchers.add(response);
    response.on('close', () => this.#watchers.delete(response));
    response.write(framed(first));
  }

  /** @param data one line */
  send(data: string): void {
    const frame = framed(data);
    for (const watcher of this.#watchers) {
      if (watcher.writableLength < MOST_WAITING) watcher.write(frame);
    }
  }

  end(): void {
    for (const watcher of this.#watchers) watcher.end();
  }
}

function framed(data: string): string {
  return `data: ${data}\n\n`;
}
