export { Ecr } from './ecr';
