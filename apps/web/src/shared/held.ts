/** Whose session has ended may come back, in the same page: requests that were refused for want of one wait for that. */
export interface Gate {
  /** Changes whenever its person has come back. */
  round: () => number;
  /** A request of that round was refused: true once it may go again, false when nobody will come back. */
  reopened: (round: number) => Promise<boolean>;
}

let gate: Gate | undefined;

export function holdAt(at: Gate): void {
  gate = at;
}

async function isSessionOver(response: Response): Promise<boolean> {
  if (response.status !== 401) return false;
  try {
    return ((await response.clone().json()) as { code?: string }).code === 'not_authenticated';
  } catch {
    return false;
  }
}

/**
 * Sends, and once more when the session was over and its person is back: a refused request has done nothing. Once, lest a route
 * that always refuses ask for a password for ever.
 */
export async function held(send: () => Promise<Response>): Promise<Response> {
  const round = gate?.round() ?? 0;
  const response = await send();
  return gate && (await isSessionOver(response)) && (await gate.reopened(round)) ? send() : response;
}
