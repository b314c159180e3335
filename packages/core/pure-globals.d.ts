/** The globals of every JavaScript runtime that the pure folders of core may use, for the check that they use no others. */
declare class TextDecoder {
  constructor(label?: string, options?: { readonly ignoreBOM?: boolean });
  decode(bytes: Uint8Array): string;
}
declare class TextEncoder {
  encode(text: string): Uint8Array;
}
interface AbortSignal {
  readonly aborted: boolean;
}
