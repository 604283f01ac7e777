/**
 * Seconds until an unfinished step is looked at again: at first soon, then a twentieth of the time that it has taken,
 * so that a wait of weeks is no longer a history than one of hours (Step Functions ends an execution at 25,000 events:
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html).
 *
 * @param elapsedSeconds how long it has taken; what cannot be read counts as nothing
 * @param first seconds of the first waits
 * @param most seconds that no wait exceeds
 */
export function pollSeconds(elapsedSeconds: number, first: number, most: number): number {
  const twentieth = Math.floor(elapsedSeconds / 20);
  return twentieth > first ? Math.min(most, twentieth) : first;
}
