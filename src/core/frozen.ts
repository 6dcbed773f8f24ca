/** The value itself, which nobody can change from now on, nor what is within it. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const within of Object.values(value)) frozen(within);
  return Object.freeze(value);
}
