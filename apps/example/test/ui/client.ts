/** Requests as a page sends them, or as it never would. */
import { request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** @param address of the page: `http://127.0.0.1:8480/` */
export function send(
  address: string,
  { method = 'GET', path = '/', headers = {}, body }: Asked,
): Promise<Answer> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, method, path, headers, agent: false, timeout: 10_000 });
    asked.on('error', reject);
    asked.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
      response.on('error', reject);
    });
    asked.end(body);
  });
}

/** Headers of the page's own buttons. */
export function ownHeaders(address: string): Record<string, string> {
  const origin = new URL(address).origin;
  return {
    origin,
    'content-type': 'application/json',
    'x-kohort-demo': '1',
    'sec-fetch-site': 'same-origin',
  };
}
