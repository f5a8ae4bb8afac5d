import { Problem } from '../../problem.ts';

/** Throws a Problem when what answers does not greet as Asterisk does; null is no greeting yet. */
export function checkGreeting(id: string, greeting: string | null): void {
  if (greeting === null || greeting.startsWith('Asterisk Call Manager')) return;
  throw new Problem(
    'unavailable',
    `What answers for "${id}" is not Asterisk's manager interface. Check host and port.`,
  );
}
