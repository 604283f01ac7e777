import { Token } from 'aws-cdk-lib';

/**
 * Whether only the deployment knows a value: `Token.isUnresolved`, quick with numbers. aws-cdk hides a token in a number
 * far below zero, and unpacks every number to see whether it is one.
 */
export function isUnresolved(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 ? false : Token.isUnresolved(value);
}
