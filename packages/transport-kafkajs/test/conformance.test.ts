// The laws that every transport has to keep.
import { transportConformance } from '@kohort/testkit';
import { describe, it } from 'vitest';
import { kafkajsTransport } from '../src/index.ts';

transportConformance({ describe, it }, ({ host, port }) =>
  kafkajsTransport({ brokers: [`${host}:${port}`] }),
);
