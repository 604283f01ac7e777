import type { StackArtifact } from '../cloudformation/template';
import { approversOf } from '../engine/approvers';
import type { EngineWorld } from '../engine/engine-world';
import { emptyWorld, serveFirstVersion } from '../engine/first-version';
import { People } from '../engine/people';
import { handoverOf } from '../engine/run-engine';
import type { RunOptions } from '../run-rehearsal';
import { nameOf } from './caller';

/** A message that people got. */
export interface Message {
  /** ISO 8601, in virtual time. */
  readonly at: string;
  readonly subject: string;
  readonly message: string;
}

/** A rehearsal whose second version has been handed over, and whose time stands still until it is told to go on. */
export class RehearsalInProgress {
  private turn: Promise<unknown> = Promise.resolve();
  private told = 0;

  private constructor(
    public readonly engine: EngineWorld,
    public readonly endpoint: string,
    /** The only account and region that there are. */
    public readonly where: Pick<StackArtifact, 'region' | 'account'>,
    /** How CloudFormation has ended the second deployment, and why it went back, if it did. */
    public readonly deployed: { readonly status: string; readonly reason?: string },
  ) {}

  /**
   * Deploys both versions. The people of the scenario do what it says they do, when time comes to it.
   *
   * @throws Error where no engine owns the endpoint, or version 1 does not come to serve
   */
  public static async begin(options: RunOptions): Promise<RehearsalInProgress> {
    const { champion, challenger, scenario } = options;
    const handover = handoverOf(challenger);
    if (handover === undefined) {
      throw new Error(
        `stack ${challenger.name} must have an endpoint that a rollout engine owns, and has none: use a ModelDeployment [NothingToOperate]`,
      );
    }
    const { Endpoint: endpoint } = handover;
    const engine = emptyWorld(options, endpoint);
    let before = 0;
    const deployed = await engine.run(
      (async () => {
        await serveFirstVersion(engine, options, endpoint);
        before = engine.further.sns.published.length;
        const people = new People({ engine, endpoint, champion, challenger, mayFail: true });
        people.begin(scenario.people);
        return engine.deploy(challenger);
      })(),
    );
    const begun = new RehearsalInProgress(engine, endpoint, challenger, deployed);
    begun.told = before;
    return begun;
  }

  /** Milliseconds since 1970, in virtual time. */
  public get now(): number {
    return this.engine.clock.now();
  }

  /** Who may approve the rollout. */
  public get approvers(): readonly string[] {
    return approversOf(this.engine, this.endpoint);
  }

  /** The name of a role or user that may operate it, and approve where anybody may. */
  public get operator(): string {
    const [first] = this.approvers;
    return first === undefined ? 'OnCall' : nameOf(first);
  }

  /** Moves time on. */
  public advance(milliseconds: number): Promise<void> {
    return this.inTurn(() => this.engine.clock.sleep(milliseconds));
  }

  /** Asks the function behind a URL, and moves time on for as long as it runs; undefined where there is none. */
  public ask(host: string, request: { readonly userArn: string; readonly requestId: string; readonly body: string }) {
    return this.inTurn(() => this.engine.further.urls.ask(host, request));
  }

  /** Messages that people got since this was asked last. */
  public messages(): Message[] {
    const { published } = this.engine.further.sns;
    const news = published.slice(this.told);
    this.told = published.length;
    return news.map(({ at, subject = '', message }) => ({ at: new Date(at).toISOString(), subject, message }));
  }

  /** Ends it, in the middle of whatever time is doing. */
  public end(): void {
    this.engine.clock.fail(new Error('the rehearsal has been ended'));
  }

  /** What needs time to move happens one after another: the same asked in the same order is answered the same. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(() => this.engine.run(work()));
    this.turn = done.catch(() => {});
    return done;
  }
}
