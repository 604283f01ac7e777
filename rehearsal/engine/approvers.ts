import type { Json } from '../services';
import type { EngineWorld } from './engine-world';

/** Who may approve, as the newest rollout was handed over. */
export function approversOf({ further }: EngineWorld, endpoint: string): readonly string[] {
  const rollouts = further.dynamodb.tables
    .flatMap((table) => [...table.all] as Json[])
    .filter(
      ({ pk, sk, spec }) => pk?.S === `ENDPOINT#${endpoint}` && sk?.S.startsWith('ROLLOUT#') && spec !== undefined,
    )
    .sort((a, b) => String(a.startedAt?.S).localeCompare(String(b.startedAt?.S)));
  return JSON.parse(rollouts.at(-1)?.spec.S ?? '{}').approval?.approvers ?? [];
}

/** A session of a role; a user is a user while it acts too. */
export function sessionOf(principal: string): string {
  const [, partition, account, role] = /^arn:([\w-]+):iam::(\d+):role\/(?:.*\/)?([^/]+)$/.exec(principal) ?? [];
  return role === undefined ? principal : `arn:${partition}:sts::${account}:assumed-role/${role}/rehearsal`;
}
