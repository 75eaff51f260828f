import fs from 'node:fs';

export interface LogCount {
  lines: number;
  /** Lines of answers other than 200. */
  others: number;
}

/** The file that takes the product's standard output, as a supervisor's would. */
export interface AccessLog {
  fd: number;
  /** Counts what was written since the last call, and empties the file: a run writes hundreds of megabytes. */
  drain(): LogCount;
  close(): void;
}

const LINE_END = 10;
const STATUS = Buffer.from('"status":');
const STATUS_OK = Buffer.from('"status":200');

function occurrences(haystack: Buffer, needle: Buffer | number): number {
  let count = 0;
  for (let at = haystack.indexOf(needle); at >= 0; at = haystack.indexOf(needle, at + 1)) count += 1;
  return count;
}

export function createAccessLog(file: string): AccessLog {
  // Appending, so that the writer's next line begins at the new end after the file is emptied.
  const fd = fs.openSync(file, 'a');
  return {
    fd,
    drain() {
      const written = fs.readFileSync(file);
      fs.ftruncateSync(fd);
      const answers = occurrences(written, STATUS);
      return {
        lines: Math.min(answers, occurrences(written, LINE_END)),
        others: answers - occurrences(written, STATUS_OK),
      };
    },
    close: () => fs.closeSync(fd),
  };
}
