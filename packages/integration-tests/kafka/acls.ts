// Lets the ordinary users of a `sasl-plain` cluster do something: without an ACL they may do nothing.

import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  Kafka,
  ResourcePatternTypes,
} from 'kafkajs';
import { kafkajsConfig } from './client-properties.ts';
import type { KafkaCluster } from './cluster.ts';
import type { SaslUser } from './security.ts';

export interface Grant {
  readonly user: Exclude<SaslUser, 'admin'>;
  readonly resource: 'topic' | 'group';
  readonly name: string;
  readonly operation: 'read' | 'write' | 'describe';
}

const RESOURCES = { topic: AclResourceTypes.TOPIC, group: AclResourceTypes.GROUP } as const;
const OPERATIONS = {
  read: AclOperationTypes.READ,
  write: AclOperationTypes.WRITE,
  describe: AclOperationTypes.DESCRIBE,
} as const;

/** Adds ACLs in the name of `admin`. `read` and `write` imply `describe`. */
export async function grant(cluster: KafkaCluster, grants: readonly Grant[]): Promise<void> {
  await asAdmin(cluster, (admin) => admin.createAcls({ acl: grants.map(aclOf) }));
}

/** Takes ACLs away again. */
export async function revoke(cluster: KafkaCluster, grants: readonly Grant[]): Promise<void> {
  const filters = grants.map((one) => {
    const { permissionType, operation, resourceName, resourceType, resourcePatternType, principal } =
      aclOf(one);
    return {
      permissionType,
      operation,
      resourceName,
      resourceType,
      resourcePatternType,
      principal,
      host: '*',
    };
  });
  await asAdmin(cluster, (admin) => admin.deleteAcls({ filters }));
}

function aclOf({ user, resource, name, operation }: Grant) {
  return {
    resourceType: RESOURCES[resource],
    resourceName: name,
    resourcePatternType: ResourcePatternTypes.LITERAL,
    principal: `User:${user}`,
    host: '*',
    operation: OPERATIONS[operation],
    permissionType: AclPermissionTypes.ALLOW,
  };
}

async function asAdmin(
  cluster: KafkaCluster,
  use: (admin: ReturnType<Kafka['admin']>) => Promise<unknown>,
): Promise<void> {
  const admin = new Kafka(kafkajsConfig(cluster, 'admin')).admin();
  await admin.connect();
  try {
    await use(admin);
  } finally {
    await admin.disconnect();
  }
}
