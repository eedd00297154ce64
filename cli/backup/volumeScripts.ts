// Shell scripts that run in the folder of a volume, in the server's own image: what GNU's commands and busybox share. What
// they leave beside the server's own files starts with `.glasshouse-`, which servers pass over.

/** The copy that a backup is made of. */
export const copyFolder = ".glasshouse-backup";
/** What a restore unpacks, beside the data in use. */
export const stagingFolder = ".glasshouse-restore";
/** Checksums of what a restore unpacks. */
export const checksumsFile = ".glasshouse-checksums";
/** The data from before a restore, complete. */
const beforeFolder = ".glasshouse-before";
/** The data from before a restore, while they are moved out or in again. */
const leavingFolder = ".glasshouse-leaving";
const droppedFolder = ".glasshouse-dropped";
/** Is there while a backup pauses the server. */
const pausedMark = ".glasshouse-paused";

/** Every entry of a folder, the hidden ones too, as `$entry`; without ours and a file system's own. */
const eachEntry = (folder: string, body: string) => `
for path in ${folder}/* ${folder}/.[!.]*; do
  [ -e "$path" ] || [ -L "$path" ] || continue
  entry=\${path##*/}
  case "$entry" in .glasshouse-*|lost+found) continue ;; esac
  ${body}
done`;

/**
 * Sorts an entry of Prometheus' data. Blocks (26 digits and capital letters) never change once they have their name. Of
 * the numbered files in `wal`, `wbl` and `chunks_head` only the newest is written to. A lock, the running queries and what
 * is unfinished are worth nothing in a copy.
 *
 * @see https://prometheus.io/docs/prometheus/latest/storage/#on-disk-layout
 */
const sortPrometheusEntry = (actions: { block: string; segments: string; other: string }) => `
  case "$entry" in
    lock|queries.active|*.tmp-for-creation|*.tmp-for-deletion) ;;
    wal|wbl|chunks_head) ${actions.segments} ;;
    *[!0-9A-Z]*) ${actions.other} ;;
    ??????????????????????????) ${actions.block} ;;
    *) ${actions.other} ;;
  esac`;

const findNewest = `
newest() { ls "$1" | grep -E '^[0-9]+$' | sort -n | tail -n 1; }`;

/** Prints how many KiB a copy needs, and how many are free. */
export function renderMeasure(part: string): string {
  const count = `needed=$((needed + $(du -sk -- "$path" | cut -f 1)))`;
  const countNewest = `
      last=$(newest "$path")
      [ -z "$last" ] || needed=$((needed + $(du -k -- "$path/$last" | cut -f 1)))`;
  const body =
    part === "prometheus"
      ? sortPrometheusEntry({ block: "", segments: countNewest, other: count })
      : count;
  return `set -eu
needed=0
${findNewest}
${eachEntry(".", body)}
set -- $(df -Pk . | tail -n 1)
echo "$needed $4"`;
}

/** Copies the data within the volume. Needs a server that does not write in the meantime. */
export function renderCopy(part: string): string {
  const copy = `cp -a -- "$path" ${copyFolder}/`;
  // Linked, which takes no time and no space; then the file that is written to becomes a copy.
  const copySegments = `
      cp -al -- "$path" ${copyFolder}/
      last=$(newest "$path")
      if [ -n "$last" ]; then
        rm -- "${copyFolder}/$entry/$last"
        cp -p -- "$path/$last" "${copyFolder}/$entry/$last"
      fi`;
  const link = `cp -al -- "$path" ${copyFolder}/`;
  const body =
    part === "prometheus"
      ? sortPrometheusEntry({ block: link, segments: copySegments, other: copy })
      : copy;
  // What Prometheus names *.tmp it has not finished, and would go on writing to through the link.
  const dropUnfinished =
    part === "prometheus" ? `find ${copyFolder} -depth -name '*.tmp' -exec rm -rf -- {} \\;` : "";
  return `set -eu
mkdir ${copyFolder}
${findNewest}
${eachEntry(".", body)}
${dropUnfinished}`;
}

/**
 * Removes what killed runs left behind, and prints `paused` where one was killed while it paused the server, and
 * `interrupted` where a restore was killed between the old data and the new ones.
 */
export const tidyScript = `set -eu
rm -rf ${copyFolder} ${checksumsFile}
[ ! -e ${pausedMark} ] || echo paused
if [ -e ${beforeFolder} ] || [ -e ${leavingFolder} ]; then echo interrupted; else rm -rf ${stagingFolder} ${droppedFolder}; fi`;

export const markPausedScript = `: > ${pausedMark}`;
export const unmarkPausedScript = `rm -f ${pausedMark}`;
/** Prints how many files a copy has. */
export const countCopyScript = `find ${copyFolder} -type f | wc -l`;
/** Prints how many KiB are free. */
export const measureFreeScript = "set -- $(df -Pk . | tail -n 1); echo $4";
export const dropCopyScript = `rm -rf ${copyFolder}`;
export const dropStagingScript = `rm -rf ${stagingFolder} ${checksumsFile}`;

/** Checks what was unpacked against the checksums that came with it. */
export const checkStagingScript = `set -eu
cd ${stagingFolder}
[ ! -s ../${checksumsFile} ] || sha256sum -c ../${checksumsFile} > /dev/null
rm ../${checksumsFile}`;

/** Puts what was unpacked in the place of the data in use, which are kept aside. Needs a stopped server. */
export const swapScript = `set -eu
mkdir ${leavingFolder}
${eachEntry(".", `mv -- "$path" ${leavingFolder}/`)}
mv ${leavingFolder} ${beforeFolder}
${eachEntry(stagingFolder, `mv -- "$path" .`)}
rmdir ${stagingFolder}`;

/**
 * Puts the data from before a restore back, wherever a swap came to an end: while it still moves the old data out, all
 * that is in the volume's folder is old; afterwards, all of it is new.
 */
export const putBackScript = `set -eu
if [ -e ${beforeFolder} ]; then
  mkdir -p ${droppedFolder}
  ${eachEntry(".", `rm -rf -- "${droppedFolder}/$entry"; mv -- "$path" ${droppedFolder}/`)}
  mv ${beforeFolder} ${leavingFolder}
fi
if [ -e ${leavingFolder} ]; then
  ${eachEntry(leavingFolder, `mv -- "$path" .`)}
  rmdir ${leavingFolder}
fi
rm -rf ${droppedFolder} ${stagingFolder}`;

/** Removes the data from before a restore, for good. Half of them must never be taken for all. */
export const dropBeforeScript = `set -eu
rm -rf ${droppedFolder}
mv ${beforeFolder} ${droppedFolder}
rm -rf ${droppedFolder}`;
