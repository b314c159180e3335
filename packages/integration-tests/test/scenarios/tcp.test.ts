// The scenarios against the embedded broker on loopback sockets, with kafkajs' connections underneath, in real time.

import { describe } from 'vitest';
import { everyScenario } from '../../scenarios/all.ts';
import { runScenarios } from '../../scenarios/run-scenarios.ts';
import { tcpBackend } from '../../scenarios/tcp-backend.ts';

describe(tcpBackend.name, () => runScenarios(tcpBackend, everyScenario, { concurrent: true }));
