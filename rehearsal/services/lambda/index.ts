export { type Invocable, Lambda } from './lambda';
