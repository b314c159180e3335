/** `GroupSession` for one generation: identity as of that generation, ownership and commits as of now. */
import type { GroupSession, OwnedPartition } from '../contracts/session.ts';
import type { PartitionOffset, TopicPartition } from '../contracts/topic-partition.ts';
import type { KohortError } from '../errors/kohort-error.ts';
import { commitOffsets } from './commit-request.ts';
import { committedOffsets } from './committed-request.ts';
import type { OffsetAccess } from './offset-access.ts';
import type { OwnershipTable } from './ownership.ts';

export interface SessionOptions {
  readonly generationId: number;
  readonly memberId: string;
  readonly groupInstanceId: string | undefined;
  readonly isLeader: boolean;
  readonly ownership: OwnershipTable;
  readonly access: OffsetAccess;
  readonly stepOut: (stuck: readonly TopicPartition[], until: Promise<unknown>) => void;
  readonly fail: (error: KohortError) => void;
}

export class Session implements GroupSession {
  readonly generationId: number;
  readonly memberId: string;
  declare readonly groupInstanceId?: string;
  readonly isLeader: boolean;
  readonly #options: SessionOptions;
  readonly #controller = new AbortController();

  constructor(options: SessionOptions) {
    this.generationId = options.generationId;
    this.memberId = options.memberId;
    if (options.groupInstanceId !== undefined) this.groupInstanceId = options.groupInstanceId;
    this.isLeader = options.isLeader;
    this.#options = options;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The next generation has begun, or ownership is lost. */
  end(): void {
    this.#controller.abort();
  }

  epochOf(partition: TopicPartition): number | undefined {
    return this.owned(partition)?.epoch;
  }

  owned(partition: TopicPartition): OwnedPartition | undefined {
    return this.#options.ownership.get(partition);
  }

  commit(offsets: readonly PartitionOffset[], options: { readonly timeoutMs?: number } = {}): Promise<void> {
    const { access, ownership } = this.#options;
    return commitOffsets(
      access,
      ownership,
      offsets,
      options.timeoutMs ?? access.context.settings.requestTimeout,
    );
  }

  committed(
    partitions: readonly TopicPartition[],
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<readonly PartitionOffset[]> {
    return committedOffsets(this.#options.access, partitions, options.signal ?? this.signal);
  }

  stepOut(stuck: readonly TopicPartition[], until: Promise<unknown>): void {
    this.#options.stepOut(stuck, until);
  }

  fail(error: KohortError): void {
    this.#options.fail(error);
  }
}
