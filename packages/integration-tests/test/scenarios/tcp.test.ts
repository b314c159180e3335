// The scenarios against the embedded broker on loopback sockets, with kafkajs' connections underneath, in real time.

import { describe, vi } from 'vitest';
import { everyScenario } from '../../scenarios/all.ts';
import { runScenarios } from '../../scenarios/run-scenarios.ts';
import { tcpBackend } from '../../scenarios/tcp-backend.ts';

// They mostly wait for sessions to end.
vi.setConfig({ maxConcurrency: 10 });

describe(tcpBackend.name, () => runScenarios(tcpBackend, everyScenario, { concurrent: true }));
