import type { Engine, Jobs, Send } from '../../rehearsal/campaign/engine-account';
import type { Json } from '../../rehearsal/services';
import type { EngineMutant } from './machine-mutants';

/** Where a conditional write stands: who makes it, on what occasion, on which kind of item. */
const siteOf = (job: string, event: Json, operation: string, { Key, Item, ConditionExpression }: Json): string => {
  const item = String((Key ?? Item)?.sk?.S).split('#')[0];
  const occasion = event.action ?? event.ResourceProperties?.Step ?? event.RequestType;
  return `${job} ${occasion}: ${operation} ${item} if ${ConditionExpression}`;
};

/** The engine, every conditional write of which is told by its site before it is made; the answer is what is sent. */
function through(engine: Engine, change: (site: string, input: Json) => Json): Engine {
  const jobs: Jobs = (send, now) => {
    const names = Object.keys(engine.jobs(send, now));
    const job = (name: string) => (event: Json) => {
      const watched: Send = (service, operation, input) =>
        send(
          service,
          operation,
          input.ConditionExpression === undefined ? input : change(siteOf(name, event, operation, input), input),
        );
      return engine.jobs(watched, now)[name](event);
    };
    return Object.fromEntries(names.map((name) => [name, job(name)]));
  };
  return { ...engine, jobs };
}

/** The engine, with every site of a conditional write that is passed told. */
export const watchingConditions = (engine: Engine, seen: (site: string) => void): Engine =>
  through(engine, (site, input) => {
    seen(site);
    return input;
  });

/** The engine without the condition of one write. */
export function conditionMutant(engine: Engine, site: string): EngineMutant {
  const unconditional = ({ ConditionExpression, ...input }: Json): Json => input;
  return {
    id: `condition: ${site}`,
    kind: 'ConditionExpression',
    site,
    engine: through(engine, (one, input) => (one === site ? unconditional(input) : input)),
  };
}
