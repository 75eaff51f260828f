import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, expect, test, vi } from 'vitest';
import { held, holdAt } from '../../shared/held.ts';
import { ProblemError } from '../../shared/problem.ts';
import * as api from './identity.api.ts';
import { useSession } from './session.store.ts';

const known = vi.spyOn(api, 'whoAmI');
const person = (id: string) => ({ id, permissions: [] }) as never;
const refusal = { status: 401, code: 'not_authenticated', title: '', detail: '', type: '', request_id: '' };
const refused = () => Response.json(refusal, { status: 401 });

beforeEach(() => {
  setActivePinia(createPinia());
  known.mockReset();
});

test('a session that is over keeps its person, until the same one is back', async () => {
  const session = useSession();
  session.begin(person('a'));
  known.mockRejectedValue(new ProblemError(refusal, null));
  await session.reload();
  expect(session).toMatchObject({ isOver: true, me: { id: 'a' }, rounds: 0 });
  session.begin(person('a'));
  expect(session).toMatchObject({ isOver: false, rounds: 1 });
});

test('the page of a session that is over stays covered for anybody else', async () => {
  const session = useSession();
  session.begin(person('a'));
  session.end();
  session.begin(person('b'));
  expect(session).toMatchObject({ isOver: true, rounds: 0 });
});

test('the support is not asked for a password when its session is over', () => {
  const session = useSession();
  session.begin({ ...(person('a') as object), support: true } as never);
  session.end();
  expect(session).toMatchObject({ isOver: false, me: null, isLeft: false, isShownOut: false });
  session.begin({ ...(person('a') as object), support: true } as never);
  session.showOut();
  expect(session).toMatchObject({ isOver: false, me: null, isLeft: false, isShownOut: true });
});

test('somebody else who has logged in in another window is noticed, and covers what is here', async () => {
  const session = useSession();
  session.begin(person('a'));
  known.mockResolvedValue(person('b'));
  await session.reload();
  expect(session.isOver).toBe(true);
});

test('whoever is removed from the school is out, and not by their own wish', () => {
  const session = useSession();
  session.begin(person('a'));
  session.showOut();
  expect(session).toMatchObject({ me: null, isShownOut: true, isLeft: false });
});

test('a visitor has no session that could be over', async () => {
  const session = useSession();
  known.mockRejectedValue(new ProblemError(refusal, null));
  expect(await session.load()).toBeNull();
  expect(session.isOver).toBe(false);
});

test('a refused request goes again once its person is back, and not twice', async () => {
  let back: (is: boolean) => void = () => undefined;
  holdAt({ round: () => 0, reopened: () => new Promise((resolve) => (back = resolve)) });
  const send = vi.fn(() => Promise.resolve(refused()));
  const answer = held(send);
  await vi.waitFor(() => expect(send).toHaveBeenCalledOnce());
  await Promise.resolve();
  send.mockResolvedValueOnce(Response.json({ ok: true }));
  await vi.waitFor(() => {
    back(true);
    expect(send).toHaveBeenCalledTimes(2);
  });
  expect((await answer).status).toBe(200);

  holdAt({ round: () => 0, reopened: () => Promise.resolve(true) });
  send.mockClear();
  expect((await held(send)).status).toBe(401);
  expect(send).toHaveBeenCalledTimes(2);
});

test('another refusal, and one that nobody will mend, are answered at once', async () => {
  const reopened = vi.fn(() => Promise.resolve(false));
  holdAt({ round: () => 0, reopened });
  const other = vi.fn(() =>
    Promise.resolve(Response.json({ ...refusal, code: 'invalid_credentials' }, { status: 401 })),
  );
  await held(other);
  expect(reopened).not.toHaveBeenCalled();
  const send = vi.fn(() => Promise.resolve(refused()));
  expect((await held(send)).status).toBe(401);
  expect(send).toHaveBeenCalledOnce();
});
