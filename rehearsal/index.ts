export * from './outcome';
export * from './scenario';
export * from './time/clock';
export * from './time/random';
