/**
 * All runbooks at hand: those that ship, and those of the site with its overlays, which are put into
 * the runbooks that they are for. A site's file that cannot be read might be an overlay for any of
 * them: nothing is planned then, for it would lack the site's steps.
 */
import { badInput, type DrydockError } from '../../core/errors.ts';
import { suggestion } from '../../core/nearest.ts';
import {
  addRunbook,
  gather,
  loadRunbook,
  readRunbooks,
  type SourceFile,
  throwAll,
} from './load.ts';
import { isOverlay, type LoadedOverlay, loadOverlay, misfits, overlaid } from './overlay.ts';
import type { LoadedRunbook } from './types.ts';

export interface ReadLibrary {
  library: Map<string, LoadedRunbook>;
  /** What is wrong with files that are left out. */
  errors: DrydockError[];
}

function addOverlay(
  library: ReadonlyMap<string, LoadedRunbook>,
  overlays: Map<string, LoadedOverlay>,
  loaded: LoadedOverlay,
): void {
  const { id, overlay } = loaded.overlay;
  const double = overlays.get(id);
  if (double) {
    throw badInput(`the overlay '${id}' stands in ${double.file} too`, {
      code: 'runbook.double',
      place: loaded.placeOf(['id']),
      remedy: 'give one of the two another id',
    });
  }
  const runbook = library.get(overlay);
  if (!runbook) {
    throw badInput(`there is no runbook '${overlay}' to put steps into`, {
      code: 'runbook.unknown',
      place: loaded.placeOf(['overlay']),
      remedy: suggestion(overlay, library.keys()),
    });
  }
  throwAll(misfits(runbook, loaded));
  overlays.set(id, loaded);
}

/** `instead`: a runbook that stands in for the one of its id. */
export function readLibrary(
  site: readonly SourceFile[],
  instead: LoadedRunbook | null = null,
): ReadLibrary {
  const { library, errors } = readRunbooks();
  const [above, own] = [site.filter(({ text }) => isOverlay(text)), new Set(site)];
  for (const one of above) own.delete(one);
  errors.push(
    ...gather([...own], ({ file, text }) => addRunbook(library, loadRunbook(text, file))),
  );
  if (instead) library.set(instead.runbook.id, instead);
  const overlays = new Map<string, LoadedOverlay>();
  errors.push(
    ...gather(above, ({ file, text }) => addOverlay(library, overlays, loadOverlay(text, file))),
  );
  for (const id of new Set([...overlays.values()].map(({ overlay }) => overlay.overlay))) {
    const its = [...overlays.values()].filter(({ overlay }) => overlay.overlay === id);
    library.set(id, overlaid(library.get(id)!, its));
  }
  return { library, errors };
}

/** The same; throws everything that is wrong with a file. */
export function loadLibrary(
  site: readonly SourceFile[],
  instead: LoadedRunbook | null = null,
): Map<string, LoadedRunbook> {
  const { library, errors } = readLibrary(site, instead);
  throwAll(errors);
  return library;
}
