/** What a consumer's process tells the one that has started it. */
import type { Measurement } from './meter.ts';

export type ProcessMessage =
  | { readonly kind: 'measured'; readonly measurement: Measurement }
  | { readonly kind: 'failed'; readonly message: string };

/** Messages of another process are not what the compiler says. */
export function isProcessMessage(message: unknown): message is ProcessMessage {
  return (
    typeof message === 'object' &&
    message !== null &&
    'kind' in message &&
    (message.kind === 'measured' || message.kind === 'failed')
  );
}
