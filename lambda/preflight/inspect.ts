import {
  alarmProblem,
  type LiveEndpoint,
  readiness,
  type Spec,
  secondsUntilOpen,
  type VariantName,
  variantProblems,
} from '../../decision';
import { championOf } from '../aws/champion-rollout';
import { namedError } from '../aws/named-error';
import type { PreflightPorts } from './ports';
import { sourceProblems } from './sources';

/** A rollout that is about to begin, or to be resumed. */
export interface Inspection {
  readonly endpoint: string;
  readonly rolloutId: string;
  readonly live: LiveEndpoint;
  readonly champion: VariantName;
  readonly challenger: VariantName;
  readonly spec: Spec;
  /** Whether a phase of it was entered before: then a person has resumed it, and no traffic moves by that. */
  readonly resumed: boolean;
  /** Seconds since it was asked first. */
  readonly elapsedSeconds: number;
}

/** Whether it may begin, and else when to ask again. */
export interface Findings {
  readonly settled: boolean;
  readonly detail: string;
  /** Seconds until it is worth asking again. @default - as for everything that SageMaker takes its time for */
  readonly waitSeconds?: number;
  /** Instances that serve all traffic now. */
  readonly fullCount: number;
  readonly configBefore: string;
}

/** An alarm of the last rollout comes to rest by itself; so many seconds are waited for it. */
const ALARM_SECONDS = 1_800;

/** Whoever is not allowed to hold the scaling of the champion still cannot promise that it takes everything back. */
const SCALING_UNDECLARED =
  'hosting must have autoScaling as long as the version that serves has it, and has none; declare it with minInstances and maxInstances alike to keep the count';

/** What must be so before anything is launched. */
export async function inspect(ports: Omit<PreflightPorts, 'describe'>, request: Inspection): Promise<Findings> {
  const { endpoint, live, champion, spec, resumed } = request;
  const ready = readiness(live);
  if (ready === 'no') throw namedError('NotServing', `endpoint ${endpoint} is ${live.status}`);
  const found = { fullCount: 0, configBefore: live.configName };
  if (ready === 'wait') return { ...found, settled: false, detail: `the endpoint is ${live.status}` };
  const home = live.variants.find(({ name }) => name === champion);
  if (!(live.variants.length > 0 && home !== undefined && home.currentCount > 0)) {
    throw namedError('DriftFound', `variant ${champion} does not serve ${endpoint}`);
  }
  const waitSeconds = resumed ? 0 : secondsUntilOpen(spec.plan, ports.now());
  if (waitSeconds > 0) return { ...found, settled: false, detail: 'the change window is closed', waitSeconds };
  if (!resumed && !(await isWaived(ports, request))) {
    const champion = await championOf(ports.record, endpoint);
    if (champion?.spec.scaling !== undefined && spec.scaling === undefined) {
      throw namedError('ScalingUndeclared', SCALING_UNDECLARED);
    }
    const { challenger, champion: name } = request;
    const variants = variantProblems({ live, champion: name, challenger, taken: champion === undefined });
    const sources = [...variants, ...(await sourceProblems(ports, { champion, home, spec }))];
    const alarms = await loudAlarms(ports, request);
    const wait = sources.length === 0 && request.elapsedSeconds < ALARM_SECONDS;
    if (alarms.length > 0 && wait) return { ...found, settled: false, detail: alarms.join('; ') };
    const problems = [...sources, ...alarms];
    if (problems.length > 0) throw namedError('PreflightRefused', problems.join('; '));
  }
  return {
    settled: true,
    detail: 'ready',
    fullCount: home.currentCount,
    configBefore: live.configName,
  };
}

/** The alarms that could not ring. */
async function loudAlarms({ alarmLevels }: Pick<PreflightPorts, 'alarmLevels'>, request: Inspection) {
  const names = request.challenger === 'a' ? request.spec.alarms.a : request.spec.alarms.b;
  const levels = await alarmLevels(names);
  return names
    .map((name) => alarmProblem({ name, level: levels.get(name) }))
    .filter((problem) => problem !== undefined);
}

/** A person has read what preflight found, and resumed the rollout all the same. */
async function isWaived({ record }: Pick<PreflightPorts, 'record'>, { rolloutId }: Inspection): Promise<boolean> {
  return (await record.get(`ROLLOUT#${rolloutId}`, 'PREFLIGHT'))?.['waivedAt'] !== undefined;
}
