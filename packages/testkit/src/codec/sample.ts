/** Compressed bytes of which the suite knows what they stand for. */

/** The contents that `java-samples.ts` knows by name. */
export type ContentName = 'noise' | 'repeats' | 'letters' | 'zeros';

/** What Java's clients have written. */
export interface JavaSample {
  readonly type: 'gzip' | 'snappy' | 'lz4' | 'zstd';
  readonly how: string;
  readonly content: ContentName;
  readonly size: number;
  readonly base64: string;
}

export interface Sample {
  /** The whole of it, for messages. */
  readonly what: string;
  readonly bytes: Uint8Array;
  readonly plain: Uint8Array;
}
