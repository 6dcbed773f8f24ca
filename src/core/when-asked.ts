/**
 * An object with parts that are made when they are first asked for, and once: of something large of which
 * little is often wanted. They are made of what nobody changes, so when that is makes no difference.
 */
export function withParts<O extends object, P extends object>(
  own: O,
  makers: { [K in keyof P]: () => P[K] },
): O & P {
  for (const [name, make] of Object.entries<() => unknown>(makers)) {
    let made: { value: unknown } | null = null;
    const get = () => {
      made ??= { value: make() };
      return made.value;
    };
    Object.defineProperty(own, name, { get, enumerable: true });
  }
  return own as O & P;
}
