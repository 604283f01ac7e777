import { type LiveEndpoint, readiness, type Spec, secondsUntilOpen, type VariantName } from '../../decision';
import { namedError } from '../aws/named-error';
import type { TransitionPorts } from './ports';

/** A rollout that is about to begin, or to be resumed. */
export interface PreflightRequest {
  readonly endpoint: string;
  readonly live: LiveEndpoint;
  readonly champion: VariantName;
  readonly spec: Spec;
  /** Whether a phase of it was entered before: then a person has resumed it, and no traffic moves by that. */
  readonly resumed: boolean;
}

/** Whether it may begin, and else when to ask again. */
export interface PreflightAnswer {
  readonly settled: boolean;
  readonly detail: string;
  /** Seconds until it is worth asking again. @default - as for everything that SageMaker takes its time for */
  readonly waitSeconds?: number;
  /** Instances that serve all traffic now. */
  readonly fullCount: number;
  readonly configBefore: string;
}

/** What must be so before anything is launched. */
export async function preflight(
  ports: Pick<TransitionPorts, 'now'>,
  { endpoint, live, champion, spec, resumed }: PreflightRequest,
): Promise<PreflightAnswer> {
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
  return {
    settled: true,
    detail: 'ready',
    waitSeconds: 0,
    fullCount: home.currentCount,
    configBefore: live.configName,
  };
}
