/** The `topics` option: names that Kafka allows, and patterns without state. */
import { types } from 'node:util';
import { refuse, refuseBecause } from './rule.ts';

const ACCEPTED = 'a list of at least one topic name or pattern';
const NAME = /^[a-zA-Z0-9._-]{1,249}$/;

/** Topic names and group instance ids follow one rule (Kafka: `org.apache.kafka.common.internals.Topic`). */
export function isKafkaName(value: unknown): value is string {
  return typeof value === 'string' && NAME.test(value) && value !== '.' && value !== '..';
}

export const NAME_RULE = '1 to 249 characters out of a-z, A-Z, 0-9, ".", "_" and "-", but not "." or ".."';

/**
 * Checks a topic list. Patterns are copied without the flags `g` and `y`, which make `test` depend on earlier calls.
 *
 * @throws KohortError `KOHORT_CONFIG`
 */
export function checkTopics(topics: unknown): readonly (string | RegExp)[] {
  if (!Array.isArray(topics) || topics.length === 0) refuse('topics', topics, ACCEPTED);
  const checked = topics.map((topic: unknown, i) => {
    if (types.isRegExp(topic)) return new RegExp(topic.source, topic.flags.replace(/[gy]/g, ''));
    if (!isKafkaName(topic)) refuse(`topics[${i}]`, topic, `a pattern, or a name of ${NAME_RULE}`);
    return topic;
  });
  const seen = new Set<string>();
  for (const topic of checked) {
    const key = String(topic);
    if (seen.has(key)) refuseBecause('topics', `holds ${key} twice`, 'each topic name and each pattern once');
    seen.add(key);
  }
  return Object.freeze(checked);
}
