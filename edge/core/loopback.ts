const address = /^(127(\.\d{1,3}){3}|::1|\[::1\])$/;

/** Whether only this machine reaches what listens on a host: a loopback address (RFC 5735 §3, RFC 4291 §2.5.3), or `localhost`. */
export const isLoopback = (host: string): boolean => host === 'localhost' || address.test(host);
