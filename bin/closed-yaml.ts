export * from '../rehearsal/closed-yaml';
