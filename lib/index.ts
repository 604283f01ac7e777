export * from './alarms';
export * from './bases';
export * from './endpoint';
export * from './gates';
export * from './hosting';
export * from './model';
export * from './rollout';
export * from './strategies';
