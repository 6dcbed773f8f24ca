/* Generated from src/schema/reports/policy-held.schema.json by `npm run types`. */

/**
 * The policy that is believed, and what every server holds.
 */
export interface PolicyHeldReport {
  schema: 'drydock.policy-held/1';
  policy: Policy | null;
  untrusted: string | null;
  passedOver: string[];
  servers: {
    server: string;
    version: number | null;
    lacks: string[];
    why: string | null;
  }[];
}
/**
 * What a cluster demands of whoever changes it. Signed (namespace drydock.policy) and held by the cluster's servers; a newer version must be signed by somebody whom the version before it lets sign policies.
 *
 * This interface was referenced by `PolicyHeldReport`'s JSON-Schema
 * via the `definition` "policy".
 */
export interface Policy {
  schema: 'drydock.policy/1';
  /**
   * uuid of the cluster
   */
  cluster: string;
  /**
   * grows with every change, by 1000 at most; an older one never replaces a newer
   */
  version: number;
  at: string;
  /**
   * changes are refused outside an open window
   */
  demandsWindow: boolean;
  /**
   * how many people must approve a request, none of them its requester or implementer
   */
  approvals: number;
  /**
   * how long a window opened by break-glass lasts
   */
  emergencyMinutes?: number;
  /**
   * @minItems 1
   */
  people: [
    {
      /**
       * as in the allowed signers
       */
      principal: string;
      /**
       * names they log in by: anna, or anna@host
       */
      logins?: string[];
      roles: ('request' | 'approve' | 'implement' | 'emergency' | 'policy' | 'checkpoint')[];
    },
    ...{
      /**
       * as in the allowed signers
       */
      principal: string;
      /**
       * names they log in by: anna, or anna@host
       */
      logins?: string[];
      roles: ('request' | 'approve' | 'implement' | 'emergency' | 'policy' | 'checkpoint')[];
    }[]
  ];
  /**
   * lines of an OpenSSH allowed-signers file (ssh-keygen(1))
   */
  signers: string[];
  /**
   * public keys that count no more, as lines of OpenSSH public keys or SHA256: fingerprints
   */
  revoked?: string[];
  /**
   * iCalendar files; no change starts or runs within one of their events, but by break-glass
   */
  freezes?: {
    name: string;
    ics: string;
  }[];
  /**
   * where checkpoints of the record go: file:PATH, git:FOLDER, syslog:HOST:PORT
   */
  anchors?: string[];
}
