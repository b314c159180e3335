/** Bodies spelled by hand from the protocol specification; spaces separate fields. */
import type { GoldenBody } from './goldens.ts';

function spelled(
  api: string,
  direction: GoldenBody['direction'],
  version: number,
  note: string,
  ...parts: readonly string[]
): GoldenBody {
  return { source: 'spelled', api, direction, version, note, hex: parts.join('').replaceAll(' ', '') };
}

export const SPELLED: readonly GoldenBody[] = [
  spelled(
    'Heartbeat',
    'request',
    3,
    'static member',
    '0001 67', // groupId "g"
    '00000007', // generationId 7
    '0001 6d', // memberId "m"
    '0001 69', // groupInstanceId "i"
  ),
  spelled(
    'Heartbeat',
    'request',
    4,
    'flexible, no instance id',
    '02 67', // groupId "g": length 1 + 1
    '00000007', // generationId
    '02 6d', // memberId
    '00', // groupInstanceId null
    '00', // no tagged fields
  ),
  spelled(
    'JoinGroup',
    'request',
    9,
    'second step, with a reason',
    '02 67', // groupId "g"
    '0000afc8', // sessionTimeoutMs 45000
    '000493e0', // rebalanceTimeoutMs 300000
    '02 6d', // memberId "m"
    '00', // groupInstanceId null
    '09 636f6e73756d6572', // protocolType "consumer"
    '02', // one protocol
    '06 72616e6765', // name "range"
    '03 0003', // metadata of two bytes
    '00', // no tagged fields in the protocol
    '03 6869', // reason "hi"
    '00', // no tagged fields
  ),
  spelled(
    'JoinGroup',
    'response',
    7,
    'a follower',
    '00000000', // throttleTimeMs
    '0000', // errorCode
    '00000002', // generationId
    '09 636f6e73756d6572', // protocolType "consumer"
    '06 72616e6765', // protocolName "range"
    '02 6c', // leader "l"
    '02 6d', // memberId "m"
    '01', // no members
    '00', // no tagged fields
  ),
  spelled(
    'SyncGroup',
    'request',
    5,
    'the leader',
    '02 67', // groupId "g"
    '00000002', // generationId
    '02 6c', // memberId "l"
    '00', // groupInstanceId null
    '09 636f6e73756d6572', // protocolType
    '06 72616e6765', // protocolName
    '02', // one assignment
    '02 6d', // memberId "m"
    '01', // assignment of no bytes
    '00 00', // no tagged fields in it, nor in the request
  ),
  spelled(
    'OffsetFetch',
    'request',
    7,
    'all topics, stable offsets only',
    '02 67', // groupId "g"
    '00', // topics null
    '01', // requireStable
    '00', // no tagged fields
  ),
  spelled(
    'OffsetFetch',
    'response',
    1,
    'nothing committed',
    '00000001', // one topic
    '0001 74', // name "t"
    '00000001', // one partition
    '00000000', // partitionIndex
    'ffffffffffffffff', // committedOffset -1
    '0000', // metadata ""
    '0000', // errorCode
  ),
  spelled(
    'LeaveGroup',
    'response',
    4,
    'one member fenced',
    '00000000', // throttleTimeMs
    '0000', // errorCode
    '02', // one member
    '01', // memberId ""
    '02 69', // groupInstanceId "i"
    '0052', // errorCode 82, FENCED_INSTANCE_ID
    '00 00', // no tagged fields
  ),
  spelled(
    'Fetch',
    'request',
    17,
    'a follower: replica state as tagged field 1, directory as tagged field 0',
    '000001f4 00000001 7fffffff 00', // maxWaitMs 500, minBytes 1, maxBytes, isolationLevel
    '00000000 ffffffff', // sessionId, sessionEpoch -1
    '02', // one topic
    '00000000000000000000000000000001', // topicId
    '02', // one partition
    '00000003 00000005', // partition, currentLeaderEpoch
    '000000000000000a', // fetchOffset 10
    'ffffffff ffffffffffffffff 00100000', // lastFetchedEpoch -1, logStartOffset -1, partitionMaxBytes
    '01 00 10 00000000000000000000000000000002', // one tagged field: number 0, 16 bytes, directory id
    '00', // no tagged fields in the topic
    '01 01', // no forgotten topics, rackId ""
    '01 01 0d', // one tagged field: number 1, 13 bytes
    '00000002 0000000000000009 00', // replicaId 2, replicaEpoch 9, no tagged fields
  ),
  spelled(
    'ApiVersions',
    'response',
    3,
    'features as tagged fields',
    '0000', // errorCode
    '02 000c 0000 0004 00', // one API: Heartbeat 0 to 4
    '00000000', // throttleTimeMs
    '02', // two tagged fields
    '00 08 02 02 66 0001 0002 00', // 0: one supported feature "f", 1 to 2
    '01 08 0000000000000005', // 1: finalizedFeaturesEpoch 5
  ),
  spelled(
    'ConsumerGroupHeartbeat',
    'response',
    1,
    'an assignment, present by its byte 1',
    '00000000 0000', // throttleTimeMs, errorCode
    '00 02 6d', // errorMessage null, memberId "m"
    '00000001 00001388', // memberEpoch 1, heartbeatIntervalMs 5000
    '01', // the assignment is there
    '02 00000000000000000000000000000001', // one topic by id
    '02 00000000 00', // partition 0, no tagged fields
    '00 00', // no tagged fields in the assignment, nor in the response
  ),
];
