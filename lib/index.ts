export * from './bases';
export * from './hosting';
