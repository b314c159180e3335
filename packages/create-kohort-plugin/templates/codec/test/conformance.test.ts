/** The laws of a codec, tried with what Java's clients write, and with bombs. */
import { codecConformance } from '@kohort/testkit';
import { describe, it } from 'vitest';
import { examplePlugin } from '../src/index.ts';

codecConformance({ describe, it }, () => examplePlugin());
