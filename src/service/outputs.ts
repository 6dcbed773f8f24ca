/** What leaves the program for files and places that somebody names, as ports. */
import type { StoredAnchor } from '../audit/index.ts';
import type { JournalEntry } from '../schema/generated/journal-entry.ts';

/** Files that people name: whole under that name, or not there; never over another. */
export interface Outputs {
  write(file: string, text: string): void;
  /** A line feed ends each. */
  writeLines(file: string, lines: AsyncIterable<string>): Promise<void>;
  /** A new folder, or an empty one; the files by their path below it. */
  writeFolder(folder: string, files: ReadonlyMap<string, string | Uint8Array>): void;
}

/** Places beyond this host where checkpoints are stored: file:PATH, git:FOLDER, syslog:HOST:PORT. */
export interface Anchors {
  /** Throws where it names no place. */
  check(place: string): void;
  keep(checkpoint: JournalEntry, place: string): Promise<void>;
  read(place: string): Promise<{ anchors: StoredAnchor[]; torn: string[] }>;
}
