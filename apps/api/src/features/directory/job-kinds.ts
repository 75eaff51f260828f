/** Fetches pictures that schools named. */
export const FETCH_PICTURE = 'directory.fetch_pictures';
