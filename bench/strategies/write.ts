import { mkdirSync, writeFileSync } from 'node:fs';
import { draw } from '../gates/chart';
import { pictureOf } from './pictures';
import { stories } from './stories';

async function write(): Promise<void> {
  mkdirSync('docs/strategies/pictures', { recursive: true });
  for (const [page, story] of Object.entries(stories)) {
    writeFileSync(`docs/strategies/pictures/${page}.svg`, draw(await pictureOf(story)));
  }
}

write().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
