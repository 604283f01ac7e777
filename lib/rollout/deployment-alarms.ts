import type { aws_cloudwatch as cloudwatch } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Fleet } from '../bases/fleet';
import type { Gate } from '../bases/gate';
import type { RollbackAlarm } from '../bases/rollback-alarm';
import { bindAlarms, type WatchingAlarm } from '../endpoint/rollback-watch';
import { AlarmGate } from '../gates/alarm-gate';
import type { Problems } from '../private/problems';

/** The alarms of a deployment, by what they watch. */
export interface DeploymentAlarms {
  /** Those of each variant: the engine is called when one of them rings while its variant is the new one. */
  readonly a: cloudwatch.IAlarmRef[];
  readonly b: cloudwatch.IAlarmRef[];
  /** What asks the alarms that were there before: they know nothing of variants, so they are read at every tick. */
  readonly gates: Gate[];
  /** Each once, with what is known of it: what holds for one variant holds for the other. */
  readonly watching: WatchingAlarm[];
}

/** Binds every alarm to both variants, and makes a gate of those that belong to neither. */
export function bindDeploymentAlarms(
  scope: Construct,
  rollbackAlarms: readonly RollbackAlarm[],
  fleets: { readonly a: Fleet; readonly b: Fleet },
  problems: Problems,
): DeploymentAlarms {
  const bound = bindAlarms(scope, rollbackAlarms, { A: fleets.a, B: fleets.b }, problems);
  const all = bound.map(({ alarm }) => alarm);
  const under = (id: string) => all.filter(({ node }) => node.scopes.includes(scope.node.findChild(id)));
  const [a, b] = [under('A'), under('B')];
  const alarms = all.filter((alarm) => !a.includes(alarm) && !b.includes(alarm));
  const watching = bound.filter(({ alarm }) => !b.includes(alarm));
  return { a, b, watching, gates: alarms.length === 0 ? [] : [new AlarmGate({ gateName: 'ExistingAlarms', alarms })] };
}
