import { logBeta, regularizedIncompleteBeta } from '../special/beta';
import type { Side } from './e-block';

/**
 * log e-value of `x` events in `n` trials against "the rate is at most p0" (harm) or "at least p0" (safe): a Beta(1/2, 1/2)
 * mixture over the rates beyond p0. It needs only the totals and is valid at every look.
 */
export function oneSidedLogE(x: number, n: number, p0: number, side: Side): number {
  const beyond = (a: number, b: number) =>
    side === 'harm' ? regularizedIncompleteBeta({ x: 1 - p0, a: b, b: a }) : regularizedIncompleteBeta({ x: p0, a, b });
  const [a, b] = [0.5 + x, 0.5 + n - x];
  const prior = logBeta({ a: 0.5, b: 0.5 }) + Math.log(beyond(0.5, 0.5));
  return logBeta({ a, b }) + Math.log(beyond(a, b)) - prior - x * Math.log(p0) - (n - x) * Math.log1p(-p0);
}
