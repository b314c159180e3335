// Failure scenarios of the consumer protocol (KIP-848). It is refused, so that all but that refusal are skipped.

import { embeddedBroker } from '@kohort/broker-embedded';
import { createConsumerGroup } from '@kohort/core';
import { describe, expect, it } from 'vitest';
import { CONSUMER_PROTOCOL } from '../../scenarios/catalogue.ts';

const REASON = "groupProtocol 'consumer' is refused";

describe('consumer protocol', () => {
  it("S61 P5 groupProtocol 'consumer' is refused when the group is made, and the message says what to use", () => {
    const transport = embeddedBroker().transport();
    const options = { groupId: 'g', topics: ['orders'], transport, groupProtocol: 'consumer' } as const;
    // @ts-expect-error: the types refuse it as well
    expect(() => createConsumerGroup(options)).toThrow(
      expect.objectContaining({
        code: 'KOHORT_CONFIG',
        message: expect.stringMatching(/"groupProtocol" is "consumer" \(KIP-848\), .* "classic"/),
      }),
    );
  });

  for (const [id, says] of Object.entries(CONSUMER_PROTOCOL.rows)) {
    if (id !== 'S61') it.skip(`${id} ${says} [skipped: ${REASON}]`);
  }
});
