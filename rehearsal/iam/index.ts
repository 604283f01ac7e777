export * from './denial';
export * from './evaluate';
export type { OneOrMany, PolicyDocument, PolicyStatement, RequestContext } from './policy';
