export * from './alarms';
export * from './bases';
export * from './gates';
export * from './hosting';
export * from './model';
export * from './strategies';
