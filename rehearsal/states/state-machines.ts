import { AwsError } from '../services/aws-error';
import { type Json, seconds } from '../services/service';
import type { Clock } from '../time/clock';
import { checkLanguage } from './check-language';
import type { Definition } from './definition';

interface Machine {
  readonly arn: string;
  readonly name: string;
  roleArn: string;
  definition: Definition;
  text: string;
  readonly createdAt: number;
  readonly versions: Map<number, { readonly definition: Definition; readonly text: string; readonly roleArn: string }>;
}

/** State machines and their versions. */
export class StateMachines {
  private readonly machines = new Map<string, Machine>();

  constructor(
    private readonly clock: Clock,
    /** `arn:aws:states:REGION:ACCOUNT`. */
    private readonly arnPrefix: string,
  ) {}

  public create(input: Json): Json {
    const arn = `${this.arnPrefix}:stateMachine:${input.name}`;
    if (this.machines.has(arn)) {
      throw new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}'`);
    }
    const machine: Machine = {
      arn,
      name: input.name,
      roleArn: input.roleArn,
      definition: readDefinition(input.definition),
      text: input.definition,
      createdAt: this.clock.now(),
      versions: new Map(),
    };
    this.machines.set(arn, machine);
    const published = input.publish === true ? this.publish(machine) : {};
    return { stateMachineArn: arn, creationDate: seconds(machine.createdAt), ...published };
  }

  public update(input: Json): Json {
    const { machine } = this.find(input.stateMachineArn);
    if (input.definition !== undefined) {
      machine.definition = readDefinition(input.definition);
      machine.text = input.definition;
    }
    machine.roleArn = input.roleArn ?? machine.roleArn;
    const published = input.publish === true ? this.publish(machine) : {};
    return { updateDate: seconds(this.clock.now()), ...published };
  }

  public delete(input: Json): Json {
    this.machines.delete(input.stateMachineArn);
    return {};
  }

  public publishVersion(input: Json): Json {
    return this.publish(this.find(input.stateMachineArn).machine);
  }

  /** A version is a copy that nothing changes any more; publishing the same revision again gives the same version. */
  // source: sfn-versions
  private publish(machine: Machine): Json {
    const last = machine.versions.size;
    const latest = machine.versions.get(last);
    const same = latest !== undefined && latest.text === machine.text && latest.roleArn === machine.roleArn;
    const number = same ? last : last + 1;
    if (!same) {
      const { definition, text, roleArn } = machine;
      machine.versions.set(number, { definition, text, roleArn });
    }
    return {
      stateMachineVersionArn: `${machine.arn}:${number}`,
      creationDate: seconds(this.clock.now()),
    };
  }

  public find(arn: string): { machine: Machine; definition: Definition; roleArn: string; text: string } {
    const [, base, version] = /^(.*:stateMachine:[^:]+)(?::(\d+))?$/.exec(String(arn)) ?? [];
    const machine = this.machines.get(base);
    const revision = version === undefined ? machine : machine?.versions.get(Number(version));
    if (machine === undefined || revision === undefined) {
      throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    }
    return { machine, definition: revision.definition, roleArn: revision.roleArn, text: revision.text };
  }

  public describe(input: Json): Json {
    const { machine, text, roleArn } = this.find(input.stateMachineArn);
    return {
      stateMachineArn: input.stateMachineArn,
      name: machine.name,
      status: 'ACTIVE',
      definition: text,
      roleArn,
      type: 'STANDARD',
      creationDate: seconds(machine.createdAt),
    };
  }
}

function readDefinition(text: string): Definition {
  let definition: Json;
  try {
    definition = JSON.parse(text);
  } catch {
    throw new AwsError('InvalidDefinition', "Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION'");
  }
  const problems = checkLanguage(definition);
  if (problems.length > 0) {
    throw new AwsError('InvalidDefinition', `Invalid State Machine Definition: '${problems.join('; ')}'`);
  }
  return definition;
}
