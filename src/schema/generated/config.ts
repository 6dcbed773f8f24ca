/* Generated from src/schema/config.schema.json by `npm run types`. */

/**
 * What a site sets for itself, in config.yaml of the folder in which the inventory's folder lies.
 */
export interface Settings {
  /**
   * folder of the site's own runbooks and overlays; from the file's own folder, where it does not begin with a slash. The variable DRYDOCK_RUNBOOKS goes before it
   */
  runbooks?: string;
}
