export * from './auto-scaling';
export * from './hosting';
