/**
 * Failure scenarios by id: what has gone wrong with Kafka clients, each as what must hold here. Titles of tests carry the
 * ids, and `docs/internals/scenarios.md` says which tests those are.
 */

export interface CatalogueTheme {
  readonly title: string;
  /** By id: one line. */
  readonly rows: Readonly<Record<string, string>>;
}

/** Of the consumer protocol (KIP-848), which `groupProtocol` refuses. */
export const CONSUMER_PROTOCOL: CatalogueTheme = {
  title: 'The consumer protocol (KIP-848)',
  rows: {
    S35: 'Offsets that are answered with a stale member epoch are asked for again under the newer one, and never reset',
    S58: 'A member commits and gives up what a newcomer is to get before it acknowledges that',
    S59: 'A fenced member loses what it owned and joins again under the same id at epoch 0',
    S60: 'A partition that is given back before its revocation is acknowledged has one owner all the time',
    S61: 'Asking for it is refused when the group is made, and the message says what to use',
    S62: 'A pattern matches the same topics under both protocols, or is refused; never nothing in silence',
    S67: 'The coordinator keeps the epoch of every partition that it has handed out, and gives none of them to two members',
    S68: 'Dropping a topic while a revocation is under way raises no epoch: each partition has one owner in each epoch',
    S69: 'The next owner learns of a partition when the present one has acknowledged its revocation, or has expired',
    S88: 'Offsets that cannot be had for longer than all retries are had by themselves as soon as a broker answers',
    S89: 'A stale epoch that is answered again and again leads to a rejoin under the same id: the group has one member',
    S94: 'A heartbeat that is answered while the member leaves still counts, and the last commits carry its epoch',
    S95: 'At the processing deadline the loss comes before the leave, and a group that is gone is no error then',
  },
};

export const CATALOGUE: readonly CatalogueTheme[] = [
  {
    title: 'Slow handlers and liveness',
    rows: {
      S01: 'A handler works for several sessions: heartbeats go on, no rebalance, handled and committed once',
      S02: 'A handler never settles: at the deadline its partition is lost, the member leaves, and rejoins when it has settled',
      S03: 'The thread or the machine stood still past the session: noticed before anything is begun or committed',
      S04: '`onAssigned` takes longer than the session: heartbeats go on, and the first record comes after it',
      S05: 'No heartbeat is answered: one event, in doubt at the end of the lease, restored without a join',
      S06: 'The assignor of the leader takes longer than the session: the leader heartbeats meanwhile, and its plan counts',
      S07: 'A record is put off for five minutes: its partition waits, the others do not, nobody rebalances',
    },
  },
  {
    title: 'Rebalances in the middle of work',
    rows: {
      S08: 'Of many fetched records only those in flight finish; the rest goes to the next owner unseen',
      S09: 'One handler is slower than the rebalance: the join leaves in time, its partition is lost, the others are committed',
      S10: 'Ten members start one after the other: nobody runs out of retries, and one generation is left',
      S11: 'What finishes within the drain is committed before the member joins again',
      S12: 'What finishes after the drain is never committed by its old owner; the next one gets it again',
      S13: 'What is to be given up comes back before it has been: it is read on',
      S14: 'Records settle out of order: the commit stops below the lowest that has not',
      S15: 'A partition comes back while its handler still runs: no second handler before the first has settled',
      S16: 'A commit meets a rebalance and then an old generation: it rejects, and records flow on',
      S17: 'A revocation is overtaken by the loss: told as a loss, and nothing is committed',
      S18: '`onRevoked` throws: that is told, and the rebalance goes on',
      S19: 'A topic is deleted while its offsets are committed: the others are read on',
    },
  },
  {
    title: 'Identity and errors',
    rows: {
      S20: 'The coordinator does not know the member any more: what it owned is lost, and it joins under a fresh id',
      S21: 'The generation is refused: what was owned is lost, and the member joins again under its id',
      S22: 'The first join is refused with a member id: the second one uses it at once, and nothing counts as a failure',
      S23: 'Two processes with one instance id: the first ends as `fenced` and stays out',
      S24: 'No right for the group ends it at once; no right for a topic lets its partitions wait',
      S25: 'Failures of its own work again and again end the group as `crash-loop`',
      S26: 'A hook of the user throws: that is told, and the default decides',
    },
  },
  {
    title: 'Coordinators, brokers, networks, authentication',
    rows: {
      S27: 'The coordinator moves: it is found again, and heartbeats and commits go on without a rejoin',
      S28: 'The coordinator is loading: the member waits with backoff and joins when it is done',
      S29: 'Brokers restart one by one, the coordinator among them: soon after, all partitions progress',
      S30: 'The first join of a cold group is parked for longer than other requests may take: it is sent once',
      S31: 'Authentications end: connections are opened anew, and nobody rebalances',
      S32: 'All brokers are down for minutes: few attempts, and the group recovers by itself',
      S33: 'Old and new versions of the protocol: the highest that both sides speak is used',
    },
  },
  {
    title: 'Offsets and metadata',
    rows: {
      S34: 'Offsets of gained partitions come late: none of them is fetched before',
      S36: 'A topic grows under a reader of its end: what is already in the new partitions is delivered',
      S37: 'The leader does not hear of a topic for a while: it assigns what it knows, and one rebalance follows',
      S38: 'A topic that matches a pattern appears later: it is consumed without a restart',
      S39: 'Only markers follow the last record: the position moves past them, and the lag becomes 0',
      S40: '`commit()` when all is consumed: committed is the end',
    },
  },
  {
    title: 'Assignors',
    rows: {
      S41: 'Members subscribe to different topics: each partition goes to a subscriber',
      S42: 'The owner of the only partition dies: the standby takes over in one rebalance',
      S43: 'A cooperative group moves exactly the surplus when a member joins, and exactly what is left when it goes',
      S44: 'Two members claim one partition: the later generation has it; in one generation it sits out a round',
      S45: 'The sticky assignor ends within a bound of steps, however uneven the subscriptions',
      S46: 'A group goes from `range` to cooperative member by member: each partition is read at every step',
      S47: "Kohort and kafkajs' own members share a group, whoever leads it",
      S48: 'User data and versions that nobody here knows do no harm: what is known is read',
      S49: 'An assignor throws or makes an unlawful plan: the plan is not sent, and a lawful one takes its place',
    },
  },
  {
    title: 'Static members, shutdown, pauses',
    rows: {
      S50: 'A static member restarts within its session: no new generation, the same partitions',
      S51: '`close()` in the middle of joining: in time, and the broker forgets the member',
      S52: '`close()` inside a handler does not wait for that handler',
      S53: '`close()` with a handler that hangs: in time, its signal aborted, nothing of it committed',
      S54: 'After `close()` no timer and no socket keeps the process alive',
      S55: 'A paused partition is lost and comes back: it is not paused any more, and an event said so',
      S56: 'A paused partition that stays through a rebalance stays paused',
      S57: 'A pause in `onAssigned` holds before the first fetch',
    },
  },
  {
    title: 'Progress and fairness',
    rows: {
      S63: 'A blocked partition does not slow the others down',
      S64: 'A wake-up that meets the end of a fetch is never lost',
      S65: 'What is produced after `ready()` is delivered to a reader of the end, every time',
      S66: 'The dead-letter producer fails: the record is not committed, and its partition waits and says why',
    },
  },
  {
    title: 'Bugs of coordinators and assignors elsewhere',
    rows: {
      S70: 'Two claims under one generation: the partition leaves both, goes to one, and no other claim is touched',
      S71: 'A stale claim of what another member owns now: nobody gets it in the round in which its owner still has it',
      S72: 'An assignment that never arrived is not claimed in the next join',
      S73: 'Unequal subscriptions and claims of few members: the sticky assignor ends',
      S74: 'Unequal subscriptions: round robin ends, and spreads each topic over its subscribers',
      S75: 'A member joins with garbage: it gets nothing, an event names it, the others get all',
      S76: 'One of three cooperative members stops: two generations at most, and the others give nothing up',
    },
  },
  {
    title: 'Bugs of commits and offsets elsewhere',
    rows: {
      S77: 'A commit of an older generation is refused: that says nothing about the new one',
      S78: 'Offsets of a partition that went away are refused, and forgotten when it comes back',
      S79: 'Timed commits keep still while an eager member joins; those of kept partitions go on in a cooperative one',
      S80: 'A commit is refused while a handler runs: the member rejoins and lives',
      S81: 'Gained partitions start at the offsets of the present generation',
      S82: 'Committed offsets never go back, whoever comes, goes or drops out',
      S83: 'A crash between delivery and the end of the work: only what has settled is committed, in every way to commit',
    },
  },
  {
    title: 'Bugs of liveness elsewhere',
    rows: {
      S84: 'Heartbeats go on while callbacks of a rebalance run for longer than the session',
      S85: 'A member is cut off in the middle of a batch: its handler is told in time, and others go on from there',
      S86: 'Work of all members outlasts the rebalance timeout: they settle in one generation all the same',
      S87: 'Heartbeats fail for ever with no word of the group: in doubt, told, and resolved by the next answer',
      S90: 'A rebalance or `close()` ends a retry of offsets, and no error comes of it',
      S91: 'Two seconds of latency: the member id costs one round trip more, and the member has joined',
      S92: 'The drain budget follows the rebalance timeout, and what it cuts off is counted and named',
    },
  },
  {
    title: 'Bugs of leaving and closing elsewhere',
    rows: {
      S93: 'A member that closes says so in every joined state, so that others take over at once',
      S96: 'A leave that meets a coordinator that moved is sent again; one that is not known any more has left',
      S97: 'A failure of its own work starts the whole member over: it is never joined without working',
      S98: '`close()` settles in time while another call waits for a broker that never answers, and that call rejects',
    },
  },
  CONSUMER_PROTOCOL,
];
