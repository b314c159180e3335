/** The laws of an assignor, each tried on many groups. */
import { assignorConformance } from '@kohort/testkit';
import { describe, it } from 'vitest';
import { examplePlugin } from '../src/index.ts';

assignorConformance({ describe, it }, () => examplePlugin(), { balance: 'uniform' });
