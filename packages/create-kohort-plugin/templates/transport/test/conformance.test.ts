/** The laws of a transport, over real sockets to a server on loopback. */
import { transportConformance } from '@kohort/testkit';
import { describe, it } from 'vitest';
import { examplePlugin } from '../src/index.ts';

transportConformance({ describe, it }, ({ host, port }) => examplePlugin({ host, port }));
