import type { SynthesizedStack, TemplateResource } from './assembly';

/** A step of a plan, as the template has it. */
export interface PlannedStep {
  /** Share of live traffic that was asked for, 0-100. */
  readonly percent: number;
  /** Share that whole instances make of it, 0-100. */
  readonly effectivePercent: number;
  readonly bakeSeconds: number;
}

/** An alarm that takes the new version back. */
export interface PlannedAlarm {
  readonly name: string;
  /** Time from trouble to ALARM without the time that CloudWatch takes; null where the template does not say. */
  readonly fillSeconds: number | null;
}

/** How a new version of one endpoint takes over. */
export interface EndpointPlan {
  readonly stack: string;
  readonly endpoint: string;
  readonly strategy: string;
  /** Null where only the deployment knows. */
  readonly instanceCount: number | null;
  readonly steps: readonly PlannedStep[];
  readonly alarms: readonly PlannedAlarm[];
}

/** The plans of a stack: one for each endpoint that has one in its template. */
export function plansOf({ name: stack, resources }: SynthesizedStack): EndpointPlan[] {
  return Object.values(resources)
    .filter(({ Type }) => Type === 'Custom::SageMakerServing')
    .map(({ Properties = {} }) => {
      const plan = Properties['Plan'] as Readonly<Record<string, unknown>>;
      const steps = plan['steps'] as readonly Readonly<Record<string, unknown>>[];
      const count = plan['instanceCount'];
      const endpoint = endpointOf(Properties['EndpointName'], resources);
      return {
        stack,
        endpoint: nameOf(endpoint?.['EndpointName']),
        strategy: String(plan['strategy']),
        instanceCount: typeof count === 'number' ? count : null,
        steps: steps.map((step) => ({
          percent: Number(step['percent']),
          effectivePercent: Number(step['effectivePercent'] ?? step['percent']),
          bakeSeconds: isoSeconds(step['bake']),
        })),
        alarms: rollbackAlarms(endpoint).map((alarm) => alarmOf(alarm, resources)),
      };
    });
}

type Properties = Readonly<Record<string, unknown>>;

/** What the template says of the endpoint whose name the verifier asks for. */
function endpointOf(name: unknown, resources: Readonly<Record<string, TemplateResource>>): Properties | undefined {
  const id = (name as { readonly 'Fn::GetAtt'?: readonly string[] } | undefined)?.['Fn::GetAtt']?.[0];
  return id === undefined ? undefined : resources[id]?.Properties;
}

/** Names of the alarms that the endpoint itself gives to SageMaker, as the template writes them. */
function rollbackAlarms(endpoint: Properties | undefined): unknown[] {
  const config = endpoint?.['DeploymentConfig'];
  const { AutoRollbackConfiguration: rollback } = (config ?? {}) as {
    readonly AutoRollbackConfiguration?: { readonly Alarms?: readonly { readonly AlarmName: unknown }[] };
  };
  return (rollback?.Alarms ?? []).map(({ AlarmName }) => AlarmName);
}

/** A name, or the logical id of what will have it. */
function nameOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const [reference] = Object.values((value ?? {}) as object);
  return `(${Array.isArray(reference) ? reference[0] : String(reference)})`;
}

function alarmOf(alarm: unknown, resources: Readonly<Record<string, TemplateResource>>): PlannedAlarm {
  const reference = (alarm as { readonly Ref?: string } | null)?.Ref;
  const properties = reference === undefined ? undefined : resources[reference]?.Properties;
  const written = properties?.['AlarmName'];
  const period = properties?.['Period'];
  const datapoints = properties?.['DatapointsToAlarm'] ?? properties?.['EvaluationPeriods'];
  return {
    name: typeof written === 'string' ? written : nameOf(alarm),
    fillSeconds: typeof period === 'number' && typeof datapoints === 'number' ? period * datapoints : null,
  };
}

const ISO = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** Seconds of an ISO 8601 duration of days and less; NaN for what is none. */
export function isoSeconds(text: unknown): number {
  const match = typeof text === 'string' ? ISO.exec(text) : null;
  if (match === null || text === 'P') return Number.NaN;
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
}
