/** `Local/…` channels join two pieces of the dial plan; they are never a phone. */
export function isLocal(channel: string): boolean {
  return channel.startsWith('Local/');
}

/**
 * The device behind a channel's name: `PJSIP/101-00000005` → `PJSIP/101`, `DAHDI/i1/5551234-2` → `DAHDI/i1/5551234`.
 * Only the counter at the end is taken off; a dash inside a device's own name stays.
 */
export function deviceOf(channel: string): string {
  return channel
    .replace(/<[A-Z]+>$/, '')
    .replace(/;[12]$/, '')
    .replace(/-[0-9a-fA-F]+$/, '');
}

/** A telephone number as Asterisk tells it, or undefined where the caller withheld it. */
export function numberOf(text: string): string | undefined {
  return /\d/.test(text) && !/^(anonymous|restricted|unavailable|unknown)/i.test(text) ? text : undefined;
}

/** The number in a dial string: `5557001@trunk`, `SIP/trunk/5557001`, `trunk/sip:+15557001@host`. */
export function dialledIn(dialString: string): string | undefined {
  const parts = dialString.split('/').map((part) => part.replace(/^sips?:/, ''));
  const numbers = parts
    .map((part) => part.split(/[@:;]/)[0] ?? '')
    .filter((part) => /^\+?[\d*#]{2,}$/.test(part));
  return numbers.at(-1);
}
