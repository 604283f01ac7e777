import type { ScalableTarget } from './check-update';

/** The variants that Application Auto Scaling has taken over: updates may not change their instance type nor remove them. */
// source: scaling-blocks-update
export class ScalableTargets {
  private readonly targets = new Map<string, ScalableTarget>();

  public register(target: ScalableTarget): void {
    this.targets.set(`${target.endpointName}/${target.variantName}`, target);
  }

  public deregister(endpointName: string, variantName: string): void {
    this.targets.delete(`${endpointName}/${variantName}`);
  }

  public of(endpointName: string): ScalableTarget[] {
    return [...this.targets.values()].filter((target) => target.endpointName === endpointName);
  }
}
