// The scenarios against the embedded broker in memory, under virtual time.

import { describe } from 'vitest';
import { everyScenario } from '../../scenarios/all.ts';
import { memoryBackend } from '../../scenarios/memory-backend.ts';
import { runScenarios } from '../../scenarios/run-scenarios.ts';

describe(memoryBackend.name, () => runScenarios(memoryBackend, everyScenario));
