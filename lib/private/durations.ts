import { Duration } from 'aws-cdk-lib';

/** ISO 8601 (`PT10M`), also of a duration that is only known at deployment. */
export function isoDuration(duration: Duration): string {
  return duration.isUnresolved() ? `PT${duration.toSeconds()}S` : duration.toIsoString();
}

/** Adds up; undefined when one of them is only known at deployment. */
export function sumDurations(durations: readonly Duration[]): Duration | undefined {
  if (durations.some((duration) => duration.isUnresolved())) return undefined;
  return Duration.seconds(durations.reduce((sum, each) => sum + each.toSeconds({ integral: false }), 0));
}

/** Whole seconds; a token stays one. */
export function wholeSeconds(duration: Duration): number {
  return duration.toSeconds({ integral: false });
}
