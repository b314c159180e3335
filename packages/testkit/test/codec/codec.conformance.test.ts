/** The codecs that come with Kohort keep the laws of a codec. */
import { codecRegistry } from '@kohort/protocol';
import { describe, it } from 'vitest';
import { codecConformance } from '../../src/index.ts';

for (const codec of codecRegistry().values()) codecConformance({ describe, it }, () => codec);
