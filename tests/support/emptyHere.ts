/** Panels without data on a healthy machine: a virtual one has no sensors, and without packets there is no share of broken ones. */
export const emptyHere = /^(Temperature|Packets with errors)/;
