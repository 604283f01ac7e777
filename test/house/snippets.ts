import { existsSync, readFileSync } from 'node:fs';
import { sourceFiles } from './sources';

/** One piece of TypeScript that users are shown. */
export interface Snippet {
  /** File and line, or the class whose `@example` it is. */
  readonly where: string;
  readonly code: string;
}

/** Every ```ts block of the README and of docs/, and every `@example` that jsii has compiled. */
export function snippets(): Snippet[] {
  const pages = ['README.md', 'CONTRIBUTING.md', ...sourceFiles(['docs'], '.md')];
  const assembly = existsSync('.jsii') ? JSON.parse(readFileSync('.jsii', 'utf8')) : { types: {} };
  const types = Object.values(assembly.types) as {
    readonly name: string;
    readonly docs?: { readonly example?: string };
  }[];
  return [
    ...pages.flatMap(blocksOf),
    ...types
      .filter(({ docs }) => docs?.example !== undefined)
      .map(({ name, docs }) => ({ where: `@example of ${name}`, code: docs?.example ?? '' })),
  ];
}

function blocksOf(file: string): Snippet[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => ({
    where: `${file}:${text.slice(0, match.index).split('\n').length + 1}`,
    code: match[1],
  }));
}

const IMPORTS = {
  rollouts: "import * as rollouts from 'cdk-sagemaker-rollouts';",
  Duration: "import { Duration } from 'aws-cdk-lib';",
  Size: "import { Size } from 'aws-cdk-lib';",
  Stack: "import { Stack } from 'aws-cdk-lib';",
  App: "import { App } from 'aws-cdk-lib';",
  RemovalPolicy: "import { RemovalPolicy } from 'aws-cdk-lib';",
  cloudwatch: "import { aws_cloudwatch as cloudwatch } from 'aws-cdk-lib';",
  s3: "import { aws_s3 as s3 } from 'aws-cdk-lib';",
  lambda: "import { aws_lambda as lambda } from 'aws-cdk-lib';",
  ecr: "import { aws_ecr as ecr } from 'aws-cdk-lib';",
  iam: "import { aws_iam as iam } from 'aws-cdk-lib';",
  sns: "import { aws_sns as sns } from 'aws-cdk-lib';",
  sagemaker: "import { aws_sagemaker as sagemaker } from 'aws-cdk-lib';",
};

/**
 * A snippet as a module of its own: its imports on top, those that it takes for granted added, the rest inside a stack,
 * with the names of the fixture in reach.
 */
export function asModule({ code }: Snippet): string {
  const imports = code.match(/^import [\s\S]*?;$/gm) ?? [];
  const declared = code.match(/^declare .*;$/gm) ?? [];
  const rest = code.replace(/^import [\s\S]*?;$/gm, '').replace(/^declare .*;$/gm, '');
  const given = Object.entries(IMPORTS)
    .filter(([name]) => !imports.some((line) => new RegExp(`\\b${name}\\b`).test(line.split(' from ')[0])))
    .map(([, line]) => line);
  const top = [...given, ...imports, ...declared].join('\n');
  // A snippet that declares classes or exports is a module by itself.
  if (/^(export|class|declare module) /m.test(rest)) return `${top}\n${rest}`;
  return `${top}\nexport async function snippet(this: Stack): Promise<void> {\n${rest}\n}\n`;
}
