/** Makes the school of a request that was granted. */
export const OPEN_SIGNUP = 'signup.open';
