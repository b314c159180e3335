/** Problems on which assignors of other clients have failed. Every law that fits is tried on them first. */

export const VECTORS: readonly string[] = [
  // Java's sticky assignor (kafka-clients 4.1.1 and 4.3.0) never returns.
  't10:3 t13:2 t4:3 t6:4 t7:4 | c02{t10,t13} @1 owns=t10:0,2+t13:1 | c03{t10,t13} @1 owns=t10:1+t13:0 | c06{t6,t7} @1 owns=t6:0..3 | c08{t4,t6} @1 owns=t4:0..2 | cNEW{t6,t13}',
  // Java moves two partitions, one is enough.
  't0:1 t1:2 t2:2 | c00{t0,t1} @1 owns=t0:0+t1:0,1 | c01{t0,t2} @1 owns=t2:0,1 | cNEW{t0,t2}',
  // Java leaves the newcomer without anything.
  't0:1 t1:1 t2:1 t3:1 | c00{t0,t2} @1 owns=t0:0+t2:0 | c01{t0,t3} @1 owns=t3:0 | c02{t1,t2} @1 owns=t1:0 | cNEW{t1,t3}',
  // Comparators that use the instance id only where both members have one are no order.
  't:3 | a{t} instance=z | c{t} instance=a | b{t}',
  // Partition 10 is not before partition 2.
  't:12 | a{t} | b{t}',
  '__proto__:2 constructor:1 "\u{1F600}":2 "\uE000":2 | __proto__{__proto__,constructor} | constructor{__proto__,"\u{1F600}"} | "\u{1F600}"{"\u{1F600}","\uE000"} | "\uE000"{"\uE000",constructor}',
];

/** Two members claim the same: under one generation nobody keeps it, else the later. */
export const CONTRADICTIONS: readonly string[] = [
  't:2 | a{t} @1 owns=t:0 | b{t} @2 owns=t:0,1',
  't:2 | a{t} @2 owns=t:0 | b{t} @1 owns=t:0,1',
  't:2 | a{t} @2 owns=t:0,1 | b{t} @2 owns=t:0',
];

/** Nothing to do, or nobody to do it. */
export const EMPTY: readonly string[] = [
  '',
  't:3',
  ' | a{}',
  '| a{t}',
  't:0 | a{t}',
  't:3 | a{} | b{}',
  't:3 | a{t} | b{}',
  't:1 | a{t} | b{t} | c{t}',
  't:2 u:0 | a{u} | b{t,u,gone}',
  't:2 | a{t,gone} @3 owns=gone:0..4 | b{gone} @3 owns=t:0,1',
];
