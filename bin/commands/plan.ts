import { plainTable } from '../../rehearsal/report/terminal';
import { duration } from '../../rehearsal/report/words';
import { readStacks } from './assembly';
import { type EndpointPlan, plansOf } from './endpoint-plan';
import { renderRollout, rolloutPlansOf } from './rollout-plan';

/** From the end of a minute until its data can be read. AWS does not say; a rehearsal tries 60, 150 and 300. */
const METRIC_LAG_SECONDS = 150;
/** What a bad version may cost before it is noticed. */
const DETECTION_BUDGET_SECONDS = 300;

/**
 * `rollouts plan`: how new versions of the endpoints of an assembly take over, as text.
 *
 * @throws Error where there is no such assembly, stack or plan
 */
export function plan(directory: string, stackName?: string): string {
  const stacks = readStacks(directory);
  const chosen = stacks.filter(({ name }) => stackName === undefined || name === stackName);
  if (chosen.length === 0) {
    const known = stacks.map(({ name }) => name).join(', ');
    throw new Error(`stack must be one of ${known}, got '${stackName}' [UnknownStack]`);
  }
  const plans = [...chosen.flatMap(plansOf).map(render), ...chosen.flatMap(rolloutPlansOf).map(renderRollout)];
  if (plans.length === 0) {
    throw new Error(
      `${directory} must hold a ModelDeployment, or an Endpoint that verifies what serves, and holds neither [NoPlan]`,
    );
  }
  return plans.join('\n');
}

function render(plan: EndpointPlan): string {
  const { endpoint, stack, strategy, instanceCount, steps } = plan;
  const table = plainTable(['step', 'share', 'effective', 'watched for', 'until'], [6, 9, 11, 13, 10]);
  let elapsed = 0;
  steps.forEach(({ percent, effectivePercent, bakeSeconds }, i) => {
    elapsed += bakeSeconds;
    table.push([i + 1, percentOf(percent), percentOf(effectivePercent), time(bakeSeconds), time(elapsed)]);
  });
  const facts = plainTable([], [20, 60]);
  facts.push(
    ['observation', `${time(elapsed)}, on top of the time that instances take to launch`],
    ['second fleet', secondFleet(plan)],
    ['rollback', rollback(plan)],
  );
  const instances = instanceCount === null ? 'instances known at deployment' : `${instanceCount} instances`;
  const title = `${endpoint} (stack ${stack}): ${strategy}, ${instances}`;
  return `${title}\n\n${trimmed(table.toString())}\n\n${trimmed(facts.toString())}\n`;
}

const trimmed = (text: string) => text.replace(/[^\S\n]+$/gm, '');
const percentOf = (percent: number) => `${Math.round(percent * 10) / 10} %`;
const time = (seconds: number) => (Number.isFinite(seconds) ? duration(seconds) : 'known at deployment');

/** What is paid for twice: all of the new fleet in every bake, or one batch where the fleet is rolled. */
function secondFleet({ strategy, instanceCount, steps }: EndpointPlan): string {
  const total = steps.reduce((sum, { bakeSeconds }) => sum + bakeSeconds, 0);
  if (instanceCount === null || !Number.isFinite(total)) return 'known at deployment';
  const extra = strategy === 'rolling' ? Math.ceil((instanceCount * steps[0].effectivePercent) / 100) : instanceCount;
  return `${((extra * total) / 3600).toFixed(1)} instance-hours: ${extra} more instance${extra === 1 ? '' : 's'} for ${duration(total)}`;
}

/** The slowest alarm decides; a bake shorter than it lets trouble through to the next step. */
function rollback({ alarms, steps }: EndpointPlan): string {
  if (alarms.length === 0) return 'no alarms: nothing takes a bad version back';
  const known = alarms.flatMap(({ fillSeconds }) => (fillSeconds === null ? [] : [fillSeconds]));
  const many = `${alarms.length} alarm${alarms.length === 1 ? '' : 's'}`;
  if (known.length === 0) return `${many} made elsewhere: their speed is not in this template`;
  const slowest = Math.max(...known) + METRIC_LAG_SECONDS;
  const budget = slowest <= DETECTION_BUDGET_SECONDS ? 'within' : 'beyond';
  const first = steps[0].bakeSeconds;
  return `${many}, the slowest ${duration(slowest)} after trouble begins, ${budget} ${duration(DETECTION_BUDGET_SECONDS)}; ${
    slowest <= first ? 'fits' : 'does not fit'
  } the first bake of ${time(first)} (CloudWatch taken to be ${duration(METRIC_LAG_SECONDS)} late)`;
}
