/** Requests that ended without an answer: the same rows for every API, but for what "try again" means there. */
import type { Verdict } from '../contracts/verdict.ts';
import { fatal, ignore, type VerdictRow, versionRefused } from './verdict-row.ts';

/** @param again what a failure that may pass leads to */
export function transportRows(again: Verdict): readonly VerdictRow[] {
  return [
    // Kohort itself gave the request up: whoever did so has already decided what follows.
    {
      on: ['aborted', 'closed'],
      verdict: ignore,
    },
    // Client and broker share no version of the request: waiting does not help.
    {
      on: ['unsupportedVersion'],
      verdict: versionRefused,
    },
    // Nothing was sent and the same bytes would be refused again; no client has a rule.
    {
      on: ['encode', 'codecMissing'],
      verdict: fatal(
        'configuration',
        'Look at the cause: the request cannot be written as it is configured.',
      ),
      provisional: true,
    },
    // No connection has worked yet: a wrong setting is likelier than an outage.
    {
      on: ['tls'],
      when: { connected: false },
      verdict: fatal(
        'configuration',
        'Check the TLS settings of client and broker, and that the port speaks TLS.',
      ),
    },
    // No connection has worked yet: wrong credentials are likelier than an outage.
    {
      on: ['auth'],
      when: { connected: false },
      verdict: fatal('authorization', 'Check the SASL mechanism, the user name and the secret.'),
    },
    // No connection has worked yet: a wrong port is likelier than a broken answer.
    {
      on: ['decode'],
      when: { connected: false },
      verdict: fatal(
        'configuration',
        'Check host and port: what answers there does not speak the Kafka protocol.',
      ),
    },
    // It has worked before: certificates rotate, credentials are renewed, proxies restart.
    {
      on: ['tls', 'auth', 'decode'],
      verdict: again,
    },
    // The coordinator may have moved or may come back: an outage alone never ends a group.
    {
      on: ['connect', 'dns', 'timeout', 'laneClosed'],
      verdict: again,
    },
  ];
}
