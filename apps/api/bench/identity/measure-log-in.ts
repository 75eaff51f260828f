import { verify } from '@node-rs/argon2';
import { Agent } from 'node:http';
import { v7 as uuidv7 } from 'uuid';
import { hashPassword, insertMembership, insertUser } from '../../src/features/identity/index.ts';
import { ask } from '../ask.ts';
import type { Installation } from '../installation.ts';
import { timed } from '../measure-provision.ts';
import { movePid, OTHER_CPUS, SERVER_CPUS } from '../processes.ts';
import { atMost, figure, type Result } from '../report.ts';
import type { School } from '../school.ts';
import { median } from '../statistics.ts';

/** Of argon2id alone. */
const GOAL = 1.25;
const PASSWORD = 'un-long-mot-de-passe';
/** Below the limit of a minute for one account at one address. */
const EACH = 8;
const WARM_UP = 5;

async function addPeople({ services }: Installation, { id }: School, count: number): Promise<string[]> {
  const passwordHash = await hashPassword(PASSWORD);
  const emails: string[] = [];
  for (let number = 0; number < count; number += 1) {
    const email = `bench-${number}@example.org`;
    const user = {
      id: uuidv7(),
      email,
      full_name: 'Bench',
      password_hash: passwordHash,
      is_superadmin: false,
    };
    await services.tenancy.central(async ({ trx }) => {
      await insertUser(trx, user);
      await insertMembership(trx, user.id, id, 'teacher');
    });
    emails.push(email);
  }
  return emails;
}

/** Logging in over HTTP, one after the other, against the check of the same password alone, in turns on the same processor. */
export async function measureLogIn(
  installation: Installation,
  school: School,
  times: number,
): Promise<Result[]> {
  const { server } = installation;
  const emails = await addPeople(installation, school, Math.ceil((times + WARM_UP) / EACH));
  const stored = await hashPassword(PASSWORD);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const logIn = async (email: string): Promise<void> => {
    const { status, body } = await ask(`${server.url}/api/v1/auth/login/`, {
      method: 'POST',
      headers: { host: school.host },
      body: { email, password: PASSWORD },
      agent,
    });
    if (status !== 200) throw new Error(`log-in: ${status} ${body}`);
  };
  // The check runs on this process's threads: they take their turn on the server's processor, which waits meanwhile.
  const bare = async (): Promise<void> => {
    if (!(await verify(stored, PASSWORD))) throw new Error('log-in: the bare check refused');
  };
  const rounds: { ours: number; bare: number }[] = [];
  let serverBefore = 0;
  let checks = 0;
  try {
    for (let round = 0; round < times + WARM_UP; round += 1) {
      const email = emails[Math.floor(round / EACH)] ?? '';
      if (round === WARM_UP) {
        serverBefore = server.cpuSeconds();
        checks = 0;
      }
      const ours = await timed(() => logIn(email));
      movePid(process.pid, SERVER_CPUS);
      const before = process.cpuUsage();
      const alone = await timed(bare);
      const { user, system } = process.cpuUsage(before);
      checks += (user + system) / 1e6;
      movePid(process.pid, OTHER_CPUS);
      rounds.push({ ours, bare: alone });
    }
  } finally {
    agent.destroy();
  }
  const counted = rounds.slice(WARM_UP);
  const processor = (server.cpuSeconds() - serverBefore) / checks;
  return [
    figure('log-in Préau', median(counted.map(({ ours }) => ours)), 'ms'),
    figure('log-in argon2id alone', median(counted.map(({ bare: alone }) => alone)), 'ms'),
    // Without the waits for the database, which grow with whatever else the machine does.
    ...(Number.isFinite(processor) ? [figure('log-in processor ratio', processor, 'ratio')] : []),
    atMost('log-in ratio', median(counted.map(({ ours, bare: alone }) => ours / alone)), GOAL),
  ];
}
