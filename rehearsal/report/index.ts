export * from './html';
export * from './terminal';
