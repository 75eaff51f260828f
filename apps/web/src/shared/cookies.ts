const A_YEAR = 31_536_000;

/** A choice of the reader's that the server needs when it writes the page: language, light or dark. */
export function rememberChoice(name: string, value: string | null): void {
  const age = value === null ? 0 : A_YEAR;
  document.cookie = `${name}=${value ?? ''}; Path=/; Max-Age=${age}; SameSite=Lax`;
}
