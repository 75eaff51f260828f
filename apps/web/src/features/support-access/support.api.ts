import type * as contracts from '@preau/contracts/support';
import { call } from '../../shared/http.ts';

export const listSupport = (id: string) =>
  call<typeof contracts.listSupport>('GET', '/tenants/:id/support/', { params: { id } });
export const askSupport = (id: string, reason: string) =>
  call<typeof contracts.askSupport>('POST', '/tenants/:id/support/', { params: { id }, body: { reason } });
export const enterBySupport = (id: string, gid: string) =>
  call<typeof contracts.enterBySupport>('POST', '/tenants/:id/support/:gid/enter/', { params: { id, gid } });
export const endSupport = (id: string, gid: string) =>
  call<typeof contracts.endSupport>('POST', '/tenants/:id/support/:gid/end/', { params: { id, gid } });

export const listOwnSupport = () => call<typeof contracts.listOwnSupport>('GET', '/support/');
export const grantSupport = (id: string, hours: number) =>
  call<typeof contracts.grantSupport>('POST', '/support/:id/grant/', { params: { id }, body: { hours } });
export const refuseSupport = (id: string) =>
  call<typeof contracts.refuseSupport>('POST', '/support/:id/refuse/', { params: { id } });
export const endOwnSupport = (id: string) =>
  call<typeof contracts.endOwnSupport>('POST', '/support/:id/end/', { params: { id } });
export const supportNow = () => call<typeof contracts.supportNow>('GET', '/support/now/');
export const leaveSupport = () => call<typeof contracts.leaveSupport>('POST', '/support/leave/');
export const arriveBySupport = (token: string) =>
  call<typeof contracts.arriveBySupport>('POST', '/support/arrive/', { body: { token } });
