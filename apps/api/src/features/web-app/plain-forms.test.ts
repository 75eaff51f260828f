import { describe, expect, it } from 'vitest';
import { begunRequest, callOf } from './plain-forms.ts';

const ID = '01890000-0000-7000-8000-0000000000aa';
const cookie = (text: string) => `preau_language=fr; preau_request=${text}`;
const mail = Buffer.from('é@exemple.org').toString('base64url');

describe('what a browser without scripts keeps of its request', () => {
  it('is its id, its address and, once proved, its key', () => {
    expect(begunRequest(cookie(`${ID}.${mail}`))).toEqual({ id: ID, email: 'é@exemple.org' });
    expect(begunRequest(cookie(`${ID}.${mail}.secret`))).toEqual({
      id: ID,
      email: 'é@exemple.org',
      key: 'secret',
    });
  });
  it('is nothing where another has written it', () => {
    for (const text of ['', 'x.y.z', `../${ID}`, `${ID}/submit/.${mail}`])
      expect(begunRequest(cookie(text)), text).toBeUndefined();
    expect(begunRequest(undefined)).toBeUndefined();
  });
});

describe('a step of the form', () => {
  const begun = { id: ID, email: 'a@b.fr' };
  const proved = { ...begun, key: 'secret' };

  it('is a call of the API with what was typed, and nothing else', () => {
    expect(callOf('ask', { step: 'ask', email: 'a@b.fr', school_name: '', extra: 'x' }, undefined)).toEqual({
      path: '/signup/',
      body: { email: 'a@b.fr', school_name: '' },
    });
    expect(callOf('ask', { email: 'a@b.fr', fax: 'filled by a program' }, undefined)?.body).toHaveProperty(
      'fax',
    );
    expect(callOf('code', { code: '123 456' }, begun)).toEqual({
      path: '/signup/verify/',
      body: { signup_id: ID, code: '123456' },
    });
    expect(callOf('details', { subdomain: 'hugo', website: ' ', uai: '0350000A' }, proved)).toEqual({
      path: `/signup/${ID}/submit/`,
      key: 'secret',
      body: { subdomain: 'hugo', website: null, uai: '0350000A', message: null },
    });
    expect(callOf('withdraw', {}, proved)).toEqual({ path: `/signup/${ID}/withdraw/`, key: 'secret' });
  });

  it('is not to be had before the one that comes before it', () => {
    expect(callOf('code', { code: '123456' }, undefined)).toBeNull();
    for (const step of ['details', 'withdraw', 'enter']) expect(callOf(step, {}, begun), step).toBeNull();
    for (const step of ['', 'approve', '__proto__']) expect(callOf(step, {}, proved), step).toBeNull();
  });
});
