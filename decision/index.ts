export * from './algebra';
export * from './rules/alarm';
export * from './rules/ceiling';
export * from './rules/index';
export * from './verdict';
