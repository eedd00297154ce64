import { checksumsFile, copyFolder, stagingFolder } from "./volumeScripts";
import { mountPoint } from "./volumeHelper";

// Shell scripts that copy a volume of an app into another volume, the one aside, and back. They run in the one aside: an app may
// take whatever it finds in its own for data, as MySQL does with a second file of a table.

/** The data from before a restore, complete. */
const beforeFolder = ".glasshouse-before";
const unfinishedFolder = ".glasshouse-unfinished";
/** Names of the containers that are held, one a line. */
const heldFile = ".glasshouse-held";

/** `cp` leaves the folder itself to its mood when it is there already. */
const copyAll = (from: string, to: string) => `
cp -a ${from}/. ${to}/
chown "$(stat -c %u:%g ${from})" ${to}
chmod "$(stat -c %a ${from})" ${to}`;

/** Sockets and pipes are left out: the programs that use them create them. */
const dropSockets = (folder: string) =>
  `find ${folder} \\( -type s -o -type p \\) -exec rm -f -- {} \\;`;

const refill = (from: string) => `
find ${mountPoint} -mindepth 1 -maxdepth 1 ! -name lost+found -exec rm -rf -- {} \\;
${copyAll(from, mountPoint)}`;

/** Half of them must never be taken for all. */
const dropBefore = `mv ${beforeFolder} ${unfinishedFolder}
rm -rf ${unfinishedFolder}`;

/** Prints how many KiB the data take, and how many are free. */
export const measureScript = `set -eu
needed=$(du -sk ${mountPoint} | cut -f 1)
set -- $(df -Pk . | tail -n 1)
echo "$needed $4"`;

/** Copies the data. Needs an app that does not write in the meantime. */
export const copyAsideScript = `set -eu
mkdir ${copyFolder}
${copyAll(mountPoint, copyFolder)}
${dropSockets(copyFolder)}`;

/** Writes down who is held, for the case that it is the last that this run does. */
export function renderMarkHeld(containers: readonly string[]): string {
  // Container names have no character that a shell would read.
  return `printf '%s\\n' ${containers.join(" ")} > ${heldFile}`;
}

export const unmarkHeldScript = `rm -f ${heldFile}`;

/**
 * Removes what killed runs left behind, and prints `held <container>` for those that one left held, and `interrupted` where a
 * restore was killed between the old data and the new ones.
 */
export const tidyAsideScript = `set -eu
rm -rf ${copyFolder} ${checksumsFile} ${unfinishedFolder}
[ ! -e ${heldFile} ] || sed 's/^/held /' ${heldFile}
if [ -e ${beforeFolder} ]; then echo interrupted; else rm -rf ${stagingFolder}; fi`;

/** Puts what was unpacked in the place of the data in use, which are kept aside. Needs stopped users. */
export const swapAsideScript = `set -eu
mkdir ${unfinishedFolder}
${copyAll(mountPoint, unfinishedFolder)}
mv ${unfinishedFolder} ${beforeFolder}
${refill(stagingFolder)}
rm -rf ${stagingFolder}`;

/** Puts the data from before a restore back, wherever a swap came to an end. Needs stopped users. */
export const putBackAsideScript = `set -eu
if [ -e ${beforeFolder} ]; then
${refill(beforeFolder)}
${dropBefore}
fi
rm -rf ${unfinishedFolder} ${stagingFolder}`;

/** Removes the data from before a restore, for good. */
export const dropBeforeAsideScript = `set -eu
${dropBefore}`;

/** Prints what a later run needs of the volume aside; nothing when it may go. */
export const listNeededScript = `ls -d ${beforeFolder} ${heldFile} 2>/dev/null || true`;
