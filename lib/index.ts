export * from './hosting';
