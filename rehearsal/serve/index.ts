export { type Message, RehearsalInProgress } from './rehearsal-in-progress';
export { RehearsalServer, SERVER } from './rehearsal-server';
export { SERVED } from './served-apis';
