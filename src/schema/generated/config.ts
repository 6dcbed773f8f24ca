/* Generated from src/schema/config.schema.json by `npm run types`. */

/**
 * What a site sets for itself, in config.yaml of the folder in which the inventory's folder lies.
 */
export interface Settings {
  /**
   * folder of the site's own runbooks and overlays; from the file's own folder, where it does not begin with a slash. The variable DRYDOCK_RUNBOOKS goes before it
   */
  runbooks?: string;
  /**
   * what machines of the site typically take; estimates are made of it where no five runs are recorded
   */
  durations?: {
    /**
     * from power on to an operating system that is up; 4m when left out
     */
    boot?: string;
    /**
     * 90s when left out
     */
    shutdown?: string;
    /**
     * of a file system, before it is mounted; 30s when left out
     */
    fsck?: string;
    /**
     * a mirror's copying, in MiB a second; 60 when left out
     */
    copy?: number;
  };
}
