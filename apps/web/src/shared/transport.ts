type Transport = (address: string, init: RequestInit) => Promise<Response>;

let carry: Transport = (address, init) => fetch(address, init);

/** Has the calls of the API carried by something else: the server asks itself, and a page knows what the server has written into it. */
export function useTransport(transport: Transport): void {
  carry = transport;
}

export const transport: Transport = (address, init) => carry(address, init);
