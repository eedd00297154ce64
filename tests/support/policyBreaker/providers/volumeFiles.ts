// A provider is looked for in the folder of the program that uses it.
export { provider } from "../../../../providers/volumeFiles";
