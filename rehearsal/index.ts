export { FileProblems } from './closed-yaml';
export * from './outcome';
export * from './scenario';
export * from './scenario-file';
export * from './time/clock';
export * from './time/random';
