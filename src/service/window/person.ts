/** `anna` or `anna:root`: a person of the policy, and the login they act by. */
import { loginCovers } from '../../change/policies.ts';
import { badInput } from '../../core/errors.ts';
import { suggestion } from '../../core/nearest.ts';
import type { Policy } from '../../schema/generated/policy.ts';
import type { Person } from '../../schema/generated/window-document.ts';

/** Also by a login of theirs, where that is of one person only. */
function personOf(given: string, { people }: Policy): Policy['people'][number] | undefined {
  const named = people.find(({ principal }) => principal === given);
  if (named) return named;
  const host = given.includes('@');
  const byLogin = people.filter(({ logins = [] }) =>
    logins.some((login) => loginCovers(host ? login : login.replace(/@.*$/, ''), given)),
  );
  return byLogin.length === 1 ? byLogin[0] : undefined;
}

export function readPerson(given: string, policy: Policy, role: 'implement'): Person {
  const known = policy.people.map(({ principal }) => principal);
  const isWhole = known.includes(given);
  const [, before = given, after] = /^(.*):([^:]+)$/.exec(given) ?? [];
  const principal = isWhole ? given : before;
  const person = personOf(principal, policy);
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
  const own = person.logins?.[0] ?? (person.principal.split('@')[0] as string);
  return { principal: person.principal, login: login ?? own };
}
