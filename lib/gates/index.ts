export * from './alarm-gate';
export * from './business-metric-gate';
export * from './compared-metric';
export * from './direction';
export * from './error-rate-gate';
export * from './latency-gate';
