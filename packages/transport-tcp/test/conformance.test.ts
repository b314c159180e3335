// The laws that every transport has to keep.
import { transportConformance } from '@kohort/testkit';
import { describe, it } from 'vitest';
import { tcpTransport } from '../src/index.ts';

transportConformance({ describe, it }, ({ host, port }) => tcpTransport({ brokers: [`${host}:${port}`] }));
