export type { ContainerDefinition } from './container-definition';
export * from './container-image';
export * from './model';
export * from './model-data';
