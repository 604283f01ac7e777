/** Which way of a metric is good. */
export enum Direction {
  /** More is better: conversions, accuracy. */
  HIGHER_IS_BETTER = 'higherIsBetter',
  /** Less is better: complaints, loss. */
  LOWER_IS_BETTER = 'lowerIsBetter',
}
