export * from './bake';
export * from './deploy-decision';
export * from './live-endpoint';
export * from './move';
export * from './plan';
export * from './restore';
export * from './spec';
export * from './target';
