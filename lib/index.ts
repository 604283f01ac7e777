export * from './bases';
export * from './hosting';
export * from './strategies';
