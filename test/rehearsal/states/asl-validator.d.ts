/** It has types, but its package.json hides them. */
declare module 'asl-validator' {
  export default function validate(definition: unknown): { isValid: boolean; errorsText: () => string };
}
