import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = new URL('../../../../', import.meta.url);

/** What the example needs of the library, for a Python that does not have it. */
const REQUESTS = `
import json as _json
import urllib.error, urllib.request

class Response:
    def __init__(self, text):
        self.text = text

def request(method, url, json=None, headers={}):
    asked = urllib.request.Request(url, _json.dumps(json).encode(), headers, method=method)
    try:
        with urllib.request.urlopen(asked) as answer:
            return Response(answer.read().decode())
    except urllib.error.HTTPError as error:
        return Response(error.read().decode())
`;

/** The Python of a page of the documentation. */
export function exampleOf(page: string): string {
  const found = /^```python\n([\s\S]*?)^```/m.exec(readFileSync(new URL(page, ROOT), 'utf8'))?.[1];
  if (!found) throw new Error(`${page} has no example in Python`);
  return found;
}

const works = (file: string, args: string[]): Promise<boolean> =>
  run(file, args).then(
    () => true,
    () => false,
  );

/** The same request without Python: what the example assigns is JSON as well. */
async function fromNode(source: string): Promise<string> {
  const assigned = (name: string): string =>
    new RegExp(`^${name} = ([\\s\\S]*?)$(?=\\n\\n|\\n\\w)`, 'm').exec(source)?.[1] ?? 'null';
  const response = await fetch(JSON.parse(assigned('url')), {
    method: 'POST',
    headers: JSON.parse(assigned('headers')),
    body: JSON.stringify(JSON.parse(assigned('payload'))),
  });
  return response.text();
}

/**
 * Runs an example with another address and key: by a Python with the library that it uses, else by one without, which is given
 * as much of the library as it uses, else by this process. @returns what it prints, and who ran it.
 */
export async function runExample(
  example: string,
  { url, key }: { url: string; key: string },
): Promise<{ output: string; ran: string }> {
  const source = example
    .replace(/^url = .*$/m, `url = "${url}"`)
    .replace(/"Api-Key [^"]*"/, `"Api-Key ${key}"`);
  if (!(await works('python3', ['-c', '']))) return { output: await fromNode(source), ran: 'this process' };
  const has = await works('python3', ['-c', 'import requests']);
  const folder = mkdtempSync(join(tmpdir(), 'preau-example-'));
  try {
    writeFileSync(join(folder, 'example.py'), source);
    if (!has) writeFileSync(join(folder, 'requests.py'), REQUESTS);
    const { stdout } = await run('python3', [join(folder, 'example.py')], {
      env: { ...process.env, NO_PROXY: '*', no_proxy: '*', PYTHONIOENCODING: 'utf-8' },
      timeout: 30_000,
    });
    return { output: stdout, ran: has ? 'python3 with requests' : 'python3' };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
