/** Ends what a run began, last first, whatever happens in between. */
export interface Endings {
  add(end: () => unknown): void;
  run(): Promise<void>;
}

export function createEndings(): Endings {
  const ends: (() => unknown)[] = [];
  let running: Promise<void> | undefined;
  const runAll = async (): Promise<void> => {
    for (let end = ends.pop(); end; end = ends.pop()) {
      try {
        await end();
      } catch (error) {
        process.stderr.write(`While ending: ${String(error)}\n`);
      }
    }
  };
  return { add: (end) => void ends.push(end), run: () => (running ??= runAll()) };
}
