/** What the producer's process is given. */
export interface ProducerJob {
  readonly bootstrap: readonly string[];
  readonly topic: string;
  readonly partitions: number;
  /** Records a second. */
  readonly ratePerPartition: number;
  readonly logFile: string;
}
