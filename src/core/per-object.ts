/**
 * What follows from an object that nobody changes, reckoned once and kept as long as the object
 * is: states and configurations are replaced, never changed in place.
 */
export function perObject<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, { value: V }>();
  return (key) => {
    const found = known.get(key);
    if (found) return found.value;
    const value = make(key);
    known.set(key, { value });
    return value;
  };
}
