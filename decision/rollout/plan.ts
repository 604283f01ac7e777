import type { ChangeTimes } from './change-window';

/**
 * The plan of a rollout as data: a property of the deployment's custom resource and a part of the execution's input.
 * Durations are ISO 8601 (`PT24H`), percents are 0-100. The place of a phase in `phases` is its index everywhere.
 */
export interface Plan extends ChangeTimes {
  readonly schemaVersion: 1;
  readonly strategy: string;
  readonly phases: readonly Phase[];
  /** Where the traffic goes when a phase is undecided at its deadline: it stays, or goes back to the champion. */
  readonly onUndecided: 'stay' | 'champion';
  /** Keeps the old variant at one instance, without traffic, after the rollout. */
  readonly retainPrevious: boolean;
}

/** One phase of a plan. */
export type Phase = BeforePhase | ShadowPhase | StagePhase | NativePhase | WatchPhase;

/** What must hold before anything is launched. */
export interface BeforePhase {
  readonly kind: 'before';
  readonly deadline: string;
}

/** The challenger answers copies of live requests; its answers go to nobody. */
export interface ShadowPhase {
  readonly kind: 'shadow';
  readonly samplingPercent: number;
  /** Both must be reached: whichever comes later. */
  readonly minimumRequests: number;
  readonly bake: string;
  readonly deadline: string;
}

/** The challenger serves a share of live traffic. */
export interface StagePhase {
  readonly kind: 'stage';
  readonly percent: number;
  readonly bake: string;
  readonly deadline: string;
  /** A person must agree before the next phase. @default false */
  readonly approval?: boolean;
}

/** SageMaker replaces the fleet by itself (all at once, or rolling), under its own guardrails. */
export interface NativePhase {
  readonly kind: 'native';
  /** The `DeploymentConfig` of UpdateEndpoint, in SageMaker's own words. */
  readonly deploymentConfig: { readonly [key: string]: unknown };
  readonly bake: string;
  readonly deadline: string;
}

/** All traffic is on the challenger; the champion stays warm to take it back. */
export interface WatchPhase {
  readonly kind: 'watch';
  readonly bake: string;
  /** Share of traffic that stays on the champion for comparison, 0-100. */
  readonly holdbackPercent: number;
}

/** A rollout that is never decided ends before the state machine's own limit, with a day for launches and the way back. */
export const LONGEST_ROLLOUT_DAYS = 59;

const ISO_DURATION = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** Seconds of an ISO 8601 duration of days and less; NaN for any other text, which no comparison says yes to. */
export function isoSeconds(duration: string): number {
  const parts = ISO_DURATION.exec(duration);
  if (parts === null || parts.slice(1).every((part) => part === undefined)) return Number.NaN;
  const [days, hours, minutes, seconds] = parts.slice(1).map((part) => (part === undefined ? 0 : Number(part)));
  return days * 86_400 + hours * 3_600 + minutes * 60 + seconds;
}
