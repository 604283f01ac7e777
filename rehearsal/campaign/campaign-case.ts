import type { Fault } from '../services';

/** What a question about a phase is answered with, beside `pass`: what a user's function may come up with. */
export type Answer = 'pass' | 'fail' | 'hold' | 'crash' | 'garbage' | 'late';

/** A phase of a plan, in the words of the spec that CloudFormation hands over. */
export type CasePhase =
  | { readonly kind: 'before'; readonly deadline: string }
  | {
      readonly kind: 'shadow';
      readonly samplingPercent: number;
      readonly minimumRequests: number;
      readonly bake: string;
      readonly deadline: string;
    }
  | {
      readonly kind: 'stage';
      readonly percent: number;
      readonly bake: string;
      readonly deadline: string;
      readonly approval?: boolean;
    }
  | { readonly kind: 'watch'; readonly bake: string; readonly holdbackPercent: number };

/** The way of the version, a legal plan. */
export interface CasePlan {
  readonly phases: readonly CasePhase[];
  readonly onUndecided: 'stay' | 'champion';
  /** Hours of the day, UTC, in which traffic may move. @default - always */
  readonly window?: { readonly fromHour: number; readonly toHour: number };
  readonly instances: number;
  /** Users' own functions, which are asked in every phase of these kinds. */
  readonly functions: readonly ('shadow' | 'stage' | 'watch')[];
}

/** How the new version behaves: what is said of it where it is not `pass`, and how its instances start. */
export interface CaseModel {
  readonly startup: 'healthy' | 'crashes' | 'noCapacity';
  /** From this tick of this phase on (0 is the first), so many ticks, the asker says this. */
  readonly answers: readonly {
    readonly phase: number;
    readonly asker: number;
    readonly tick: number;
    readonly ticks: number;
    readonly answer: Exclude<Answer, 'pass'>;
  }[];
  /** What a person says of a phase that asks for approval, and how many minutes after it began; nothing by default. */
  readonly approvals: readonly { readonly minute: number; readonly status: 'approved' | 'rejected' }[];
}

/** An alarm that rings, in minutes after the version was handed over. */
export interface CaseAlarm {
  readonly minute: number;
  readonly side: 'challenger' | 'champion';
  readonly minutes: number;
}

/** What people and pipelines do meanwhile, in minutes after the version was handed over. */
export interface CaseDeed {
  readonly minute: number;
  readonly deed: 'revert' | 'redeploy' | 'third' | 'rollback' | 'touch';
}

/** An execution that is stopped by hand, right after an event of its history. */
export interface CaseStop {
  readonly machine: 'rollout' | 'bake' | 'rollback';
  readonly event: number;
}

/** What an AWS does that is not documented. */
export interface CaseWeather {
  readonly weightsApplySeconds: 5 | 60 | 300;
  readonly describeStaleSeconds: 0 | 30;
  /** How often events arrive, and whether one may overtake another. */
  readonly events: 0 | 1 | 2;
  readonly outOfOrder: boolean;
}

/** One rollout, whole: the same case is the same run, byte for byte. Each concern was drawn from its own stream. */
export interface CampaignCase {
  /** For jitter, latencies and start-up times. */
  readonly seed: number;
  readonly plan: CasePlan;
  readonly model: CaseModel;
  readonly alarms: readonly CaseAlarm[];
  readonly deeds: readonly CaseDeed[];
  readonly stops: readonly CaseStop[];
  readonly faults: readonly Fault[];
  readonly weather: CaseWeather;
}
