/** Builds a school's space. */
export const PROVISION = 'tenant.provision';

/** Removes the files of a school that was erased. */
export const REMOVE_FILES = 'tenant.remove_files';

/** Closes or reopens many schools. */
export const BULK = 'tenants.bulk';
