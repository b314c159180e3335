/** The Kafka error codes that the group coordinator answers with (`org.apache.kafka.common.protocol.Errors`). */
export const GroupCode = {
  unknownServerError: -1,
  none: 0,
  unknownTopicOrPartition: 3,
  notLeaderOrFollower: 6,
  requestTimedOut: 7,
  messageTooLarge: 10,
  offsetMetadataTooLarge: 12,
  coordinatorLoadInProgress: 14,
  coordinatorNotAvailable: 15,
  notCoordinator: 16,
  recordListTooLarge: 18,
  notEnoughReplicas: 19,
  illegalGeneration: 22,
  inconsistentGroupProtocol: 23,
  invalidGroupId: 24,
  unknownMemberId: 25,
  invalidSessionTimeout: 26,
  rebalanceInProgress: 27,
  invalidCommitOffsetSize: 28,
  kafkaStorageError: 56,
  nonEmptyGroup: 68,
  groupIdNotFound: 69,
  memberIdRequired: 79,
  groupMaxSizeReached: 81,
  fencedInstanceId: 82,
  groupSubscribedToTopic: 86,
  unstableOffsetCommit: 88,
} as const;

/** What a failed append to the offsets topic means to the client (`appendGroupMetadataErrorToResponseError`). */
export function answerToAppendError(code: number): number {
  switch (code) {
    case GroupCode.unknownTopicOrPartition:
    case GroupCode.notEnoughReplicas:
    case GroupCode.requestTimedOut:
      return GroupCode.coordinatorNotAvailable;
    case GroupCode.notLeaderOrFollower:
    case GroupCode.kafkaStorageError:
      return GroupCode.notCoordinator;
    case GroupCode.messageTooLarge:
    case GroupCode.recordListTooLarge:
    case INVALID_FETCH_SIZE:
      return GroupCode.unknownServerError;
    default:
      return code;
  }
}

/** INVALID_FETCH_SIZE, only ever seen as the outcome of an append. */
const INVALID_FETCH_SIZE = 4;

/** As `answerToAppendError`, for offset commits: an oversized batch has a code of its own. */
export function answerToCommitAppendError(code: number): number {
  const oversized =
    code === GroupCode.messageTooLarge ||
    code === GroupCode.recordListTooLarge ||
    code === INVALID_FETCH_SIZE;
  return oversized ? GroupCode.invalidCommitOffsetSize : answerToAppendError(code);
}
