/** What lies in an evidence folder, and how to check it with and without Drydock. */
import type { Evidence } from './evidence.ts';

const VERIFIER = 'drydock-verify.mjs checks the record; needs nothing but Node.js 18 or newer\n';

export function evidenceReadme(
  { number, title, record }: Evidence,
  files: readonly string[],
): string {
  const has = (name: string) => files.includes(name);
  return `Evidence of change ${number}: ${title}

index.html         to read
bundle.json        the same for programs (drydock.evidence/1): fields, documents, runs, proofs
record.ndjson      what the record holds of this change, one entry a line, each with its proof
allowed_signers    whose signatures count, in OpenSSH's format
papers/            every signed document: NAME.txt is what was signed, NAME.txt.sig the signature
${has('drydock-verify.mjs') ? VERIFIER : ''}
1. Who signed what. For every document, with OpenSSH's own program:

     ssh-keygen -Y verify -f allowed_signers -I PRINCIPAL -n drydock.window \\
       -s papers/NAME.txt.sig < papers/NAME.txt

   PRINCIPAL stands in the field "by" of the text. A policy is signed for -n drydock.policy.
   The name of a window's document holds the first 8 figures of the SHA-256 of its text. An approval
   names the whole SHA-256 of the request's text in "of": it is for that text and no other.

2. That no entry was altered, and none of this window left out:

     node drydock-verify.mjs record.ndjson --signers allowed_signers --anchor ANCHOR

   ANCHOR is a line that was stored elsewhere when the window was closed; leave it out where there is
   none. Then a record that was written anew as a whole cannot be seen, and the verifier says so.
   The checkpoint counts the window's entries and holds a hash over them, under its root and its
   signature. Where it does not (an older one, or another put in its place), whether all are there
   is "unknown": only the whole record tells, on the host that keeps it.

   What lies in this folder cannot vouch for itself: whoever could change the record here could
   change the program, the allowed signers and this text too. Take drydock-verify.mjs and the
   signers from elsewhere (a release; your own list of keys), and the anchor from where it was stored.

3. One entry without the rest. bundle.json, record.entries, holds for each entry of this window the
   hashes that lead from it to the root over ${record.size} entries (RFC 6962; a leaf is
   SHA-256(00 || hash), a node SHA-256(01 || left || right)):

     root ${record.root}

   The same root stands in the checkpoint, and in every anchor made from it.
`;
}
