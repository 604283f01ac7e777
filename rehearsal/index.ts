export { FileProblems } from './file-problems';
export { KNOBS, type Knob, type KnobName, type Knobs } from './knobs';
export { type MatcherResult, matchers, type Quantity } from './matchers';
export * from './outcome';
export { type RehearseOptions, rehearse, type Synthesizable } from './rehearse';
export * from './scenario';
export {
  type BothSides,
  IDENTICAL,
  type Predictions,
  type ServiceMetric,
  type StoredReport,
} from './scenario-data';
export * from './scenario-file';
export * from './time/clock';
export * from './time/random';
