/** `anna` or `anna:root`: a person of the policy, and the login they act by. */
import { badInput } from '../core/errors.ts';
import { suggestion } from '../core/nearest.ts';
import type { Policy } from '../schema/generated/policy.ts';
import type { Person } from '../schema/generated/window-paper.ts';

export function readPerson(given: string, policy: Policy, role: 'implement'): Person {
  const known = policy.people.map(({ principal }) => principal);
  const isWhole = known.includes(given);
  const [, before = given, after] = /^(.*):([^:]+)$/.exec(given) ?? [];
  const principal = isWhole ? given : before;
  const person = policy.people.find((one) => one.principal === principal);
  if (!person) {
    throw badInput(`the policy knows no ${principal}`, {
      code: 'person.unknown',
      remedy: suggestion(principal, known),
    });
  }
  if (!person.roles.includes(role)) {
    const able = policy.people.filter(({ roles }) => roles.includes(role));
    const names = able.map((one) => one.principal).join(', ');
    throw badInput(`${principal} may not ${role}: the policy gives no such role`, {
      code: 'person.role',
      remedy: names ? `name one of ${names}` : 'nobody has that role; the policy needs one who has',
    });
  }
  const login = isWhole || after === undefined ? null : after;
  return { principal, login: login ?? person.logins?.[0] ?? (principal.split('@')[0] as string) };
}
