/* Generated from src/schema/reports/papers-imported.schema.json by `npm run types`. */

/**
 * Documents that were put into the folder.
 */
export interface PapersImportedReport {
  schema: 'drydock.papers-imported/1';
  folder: string;
  papers: {
    name: string;
    file: string;
    isNew: boolean;
  }[];
}
