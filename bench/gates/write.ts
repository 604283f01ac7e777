import { mkdirSync, writeFileSync } from 'node:fs';
import { draw } from './chart';
import { pictures } from './pictures';

mkdirSync('docs/gates/pictures', { recursive: true });
for (const [page, picture] of Object.entries(pictures)) {
  writeFileSync(`docs/gates/pictures/${page}.svg`, draw(picture()));
}
