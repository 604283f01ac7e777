/** A file that says something wrong: every problem on a line of its own, with file, line and column. */
export class FileProblems extends Error {
  constructor(public readonly problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'FileProblems';
  }
}
