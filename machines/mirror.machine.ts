// placeholder of the contract's types until the chart is written beside them
/** How the standby side learned that the active side stopped first (ARCHITECTURE: takeover). */
export type Evidence =
  | { by: 'notice'; from: string; at: number }
  | { by: 'fence'; from: string; at: number }
  | { by: 'operatingSystem'; from: string; at: number };
