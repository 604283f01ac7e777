// How fast the engine finds, decides, takes back and confirms: a version that begins to answer one request in twenty with
// an error, in a canary of five percent, by the handlers as they are shipped.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Found, foundOf, synthesized } from './bad-version';
import { ROWS } from './rows';
import { tell } from './tell';

/** Every so-manieth seed of every row. */
async function measured(part: number, parts: number): Promise<Found[][]> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-rollout-'));
  try {
    const rows: Found[][] = [];
    for (const { version, seeds } of ROWS) {
      const assembly = synthesized(join(folder, String(rows.length)), version);
      const found: Found[] = [];
      for (let seed = 1 + part; seed <= seeds; seed += parts) found.push(await foundOf(assembly, version, seed));
      rows.push(found);
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function inProcess(part: number, parts: number): Promise<Found[][]> {
  return new Promise((resolve, reject) => {
    const args = [process.argv[1], '--part', `${part}/${parts}`];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (data) => {
      text += data;
    });
    child.on('close', (code) =>
      code === 0 ? resolve(JSON.parse(text)) : reject(new Error(`a part ended with ${code}`)),
    );
  });
}

async function main(): Promise<void> {
  const parts = availableParallelism();
  const all = await Promise.all(Array.from({ length: parts }, (_, part) => inProcess(part, parts)));
  tell(ROWS.map((_, row) => all.flatMap((part) => part[row])));
}

const at = process.argv.indexOf('--part');
if (at < 0) void main();
else {
  const [part, parts] = process.argv[at + 1].split('/').map(Number);
  void measured(part, parts).then((rows) => process.stdout.write(JSON.stringify(rows)));
}
