/** Types of resources and monitors that this daemon can run, and the codes that others go by. */

export const RESOURCE_TYPES = ['fip', 'md', 'exec'] as const;

export const MONITOR_TYPES = new Set(['userw', 'mdw', 'mdnw', 'fipw', 'ipw', 'pidw', 'genw']);

/** Code of a refused activation that only evidence or an operator can change. */
export const NOT_LATEST = 81;
