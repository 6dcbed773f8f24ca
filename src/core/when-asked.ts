/**
 * What is made when it is first asked for, and once: of something large of which little is often
 * wanted. It is made of what nobody changes, so when that is makes no difference.
 */
export function whenAsked<V>(make: () => V): () => V {
  let made: { value: V } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
