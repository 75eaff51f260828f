import type { FirstAdmin } from '@preau/contracts/tenants';
import { defineStore } from 'pinia';
import { ref } from 'vue';

/** Invitation links just made, by school: kept in memory only, since the server shows each once. */
export const useNewAdmins = defineStore('new-admins', () => {
  const links = ref<Record<string, FirstAdmin>>({});

  function keep(tenantId: string, admin: FirstAdmin | undefined): void {
    if (admin) links.value = { ...links.value, [tenantId]: admin };
  }

  function forget(tenantId: string): void {
    const { [tenantId]: _gone, ...rest } = links.value;
    links.value = rest;
  }

  return { links, keep, forget };
});
