// The README that stands beside the golden frames: what they are and which versions they cover.

/** Markdown; `coverage` has the versions seen of each API. */
export function coverageReadme(coverage: ReadonlyMap<string, readonly number[]>, frames: number): string {
  const rows = [...coverage].map(([api, versions]) => `| ${api} | ${versions.join(', ') || 'none'} |`);
  return `# Golden frames

\`frames.json\`: ${frames} frames of real exchanges with Apache Kafka, one per line. Written by
\`packages/integration-tests/kafka/golden/golden-capture.ts\` (a proxy between a real broker and real clients; needs
Java 17 and Maven, takes about four minutes); do not edit by hand.

| Field | Meaning |
|---|---|
| \`api\`, \`apiKey\`, \`version\`, \`direction\` | which message: \`request\` or \`response\` |
| \`exchange\` | \`first\` seen in this version, or the \`richest\`: the longest one up to 4,000 bytes, when that is another. Request and response of one exchange carry the same word and the same \`correlationId\` |
| \`headerHex\`, \`bodyHex\` | the frame without its size prefix, split after the header (header v2 and v1 in flexible versions; an ApiVersions response always has header v0) |
| \`source\` | broker, client, and whether the proxy had lowered the versions that the broker offers, to make the client choose an older one |

A response may carry an error code (the first JoinGroup from version 4 on is MEMBER_ID_REQUIRED, for instance).

## Record batches

\`batches.json\`: known records as a real broker keeps them, written by the same tool. \`hex\` is a whole
log segment: one or more record batches (magic 2), the last one a control batch when \`transaction\` is set. Record n of
\`records.count\` has offset n, timestamp \`records.timestamp + n\`, key \`key-n\`, value \`value-n\` filled up with dots to
\`records.valueSize\` bytes, and \`records.headers\` headers \`header-i\` with value \`n\`; \`without\` says that the key or the
value is null.

## Frames covered

| API | Versions |
|---|---|
${rows.join('\n')}
`;
}
