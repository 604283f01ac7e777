import { anotherVersionOf } from '../champion';
import type { StackArtifact } from '../cloudformation/template';
import type { Deed } from '../scenario';
import { approversOf, sessionOf } from './approvers';
import type { EngineWorld } from './engine-world';

const MINUTE = 60_000;
/** Whoever is on call, where nobody is named as approver. */
const ON_CALL = 'role/OnCall';

/** Whom the people of a scenario deal with. */
export interface PeopleOptions {
  readonly engine: EngineWorld;
  readonly endpoint: string;
  /** What is deployed again to take a rollout back. */
  readonly champion: StackArtifact;
  readonly challenger: StackArtifact;
  /** Whether AWS may fail them: then nobody is to blame when they are not heard. */
  readonly mayFail: boolean;
}

/**
 * The people of a scenario: they answer when they are asked, say at the engine's door what they want, and deploy in the
 * middle of a rollout.
 */
export class People {
  /** What they saw that should not have been. */
  public readonly violations: string[] = [];
  private asked = 0;
  private gone = false;
  /** Executions that began before anybody did anything. */
  private readonly earlier: number;

  constructor(private readonly options: PeopleOptions) {
    this.earlier = options.engine.further.states.started.length;
  }

  /** Lets every deed happen in its time; what is too late, because all is over, does not happen. */
  public begin(deeds: readonly Deed[]): void {
    for (const deed of deeds) void this.do(deed).catch((error) => this.options.engine.clock.fail(error));
  }

  /** Nothing of theirs happens any more. */
  public leave(): void {
    this.gone = true;
  }

  private async do({ does, afterSeconds }: Deed): Promise<void> {
    const { engine, champion, challenger } = this.options;
    const answers = does === 'approve' || does === 'reject';
    while (answers && !this.gone && !this.isAsked()) await engine.clock.sleep(MINUTE);
    await engine.clock.sleep(1000 * afterSeconds);
    if (this.gone || this.isOver()) return;
    const note = (said: string) => engine.world.log.record('people', 'PersonActed', `${does}: ${said}`, { does });
    if (does === 'revert') {
      note((await engine.deploy(champion)).status);
    } else if (does === 'deployAnother') {
      const before = engine.further.states.started.filter(({ running }) => running);
      const { status, reason } = await engine.deploy(anotherVersionOf(challenger));
      note(reason === undefined ? status : `${status}, ${reason}`);
      const underWay = before.some(({ running }) => running);
      if (status === 'UPDATE_COMPLETE' && underWay)
        this.violations.push('another version was accepted in the middle of a rollout');
    } else {
      note(await this.say(does));
    }
  }

  /** Whether a rollout has begun, and nothing of it runs any more. */
  private isOver(): boolean {
    const begun = this.options.engine.further.states.started.slice(this.earlier);
    return begun.length > 0 && !begun.some(({ running }) => running);
  }

  private isAsked(): boolean {
    const { engine, endpoint } = this.options;
    return engine.further.sns.published.some(({ subject }) => subject === `${endpoint}: ApprovalNeeded`);
  }

  private async say(action: string): Promise<string> {
    const { engine, endpoint } = this.options;
    this.asked += 1;
    const body = JSON.stringify({ schemaVersion: 1, action, endpoint, reason: 'as the scenario says' });
    const request = { userArn: this.person(), requestId: `person-${this.asked}`, body };
    const [door = ''] = engine.further.urls.hosts;
    const answer = await engine.further.urls.ask(door, request);
    if (answer?.statusCode !== 200 && !this.options.mayFail)
      this.violations.push(`${action} was not heard: ${answer?.body ?? 'no answer'}`);
    return String(answer?.body ?? 'no answer');
  }

  /** A session of the first role or user that may approve. */
  private person(): string {
    const { engine, endpoint, challenger } = this.options;
    const [approver = `arn:aws:iam::${challenger.account}:${ON_CALL}`] = approversOf(engine, endpoint);
    return sessionOf(approver);
  }
}
